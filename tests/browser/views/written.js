/**
 * Elements as indented text, a line an element; a canvas with its pixels.
 */

/** @type {(element: Element, indent?: string) => string} */
export function written(element, indent = "") {
  const attributes = [...element.attributes].map(({ name, value }) => `${name}="${value}"`).sort();
  const nodes = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const text = nodes
    .map((node) => node.textContent)
    .join("")
    .replaceAll("\u00a0", "␣");
  const line = `${indent}${[element.localName, ...attributes].join(" ")}${text && `: ${text}`}\n`;
  const inside = `${indent}  `;
  const pixels = element instanceof HTMLCanvasElement ? pixelRows(element).map((row) => `${inside}${row}\n`) : [];
  return [line, ...pixels, ...[...element.children].map((child) => written(child, inside))].join("");
}

/** @type {(canvas: HTMLCanvasElement) => string[]} rows that follow each other and are alike are one */
function pixelRows(canvas) {
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { data } = context.getImageData(0, 0, width, height);
  const rows = Array.from({ length: height }, (_, y) => {
    const colours = Array.from({ length: width }, (_, x) =>
      colour(data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)),
    );
    return runs(colours)
      .map(([count, each]) => `${count} ${each}`)
      .join(", ");
  });
  return runs(rows).map(([count, row]) => `${count} × [${row}]`);
}

/** @type {(bytes: Uint8ClampedArray) => string} */
const colour = (bytes) =>
  bytes[3] === 0
    ? "clear"
    : `#${[...bytes]
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("")
        .replace(/ff$/, "")}`;

/** @type {(items: string[]) => [number, string][]} */
function runs(items) {
  /** @type {[number, string][]} */
  const found = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last?.[1] === item) last[0]++;
    else found.push([1, item]);
  }
  return found;
}
