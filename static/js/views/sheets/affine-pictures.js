/**
 * The whole network as one weighted sum: its weights as pictures, what each pixel adds, and the sum in figures.
 */

import { tableIndex } from "../../lib/screen/colormaps.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {{title: string, rows: number, columns: number, values: ArrayLike<number>, scale: string, readAt: (row: number, column: number) => string}} Plane
 * @typedef {{name: string, printed: string}} Line
 */

export function createAffinePictures() {
  const planesHost = element("div", { class: "affine-planes" });
  const sums = element("table", { class: "affine-sum" });
  const host = element("div", { class: "affine" }, planesHost, sums);
  /** @type {ReturnType<typeof createPlane>[]} */
  let planes = [];
  const resizing = new ResizeObserver(fit);
  resizing.observe(host);
  resizing.observe(sums);

  function fit() {
    const [style, between] = [getComputedStyle(host), getComputedStyle(planesHost)];
    const height = host.clientHeight - 2 * Number.parseFloat(style.lineHeight); // a line above a picture, and one below
    const gaps = Number.parseFloat(style.columnGap) + (planes.length - 1) * Number.parseFloat(between.columnGap);
    const width = (host.clientWidth - sums.offsetWidth - gaps) / Math.max(1, planes.length);
    host.style.setProperty("--side", `${Math.max(0, Math.floor(Math.min(width, height)))}px`);
  }

  return {
    element: host,
    /** @type {(shown: Plane[], figures: {lines: Line[], sum: Line}, table: Uint32Array) => void} */
    update(shown, { lines, sum }, table) {
      if (planes.length !== shown.length) {
        planes = shown.map(createPlane);
        planesHost.replaceChildren(...planes.map((plane) => plane.element));
      }
      for (const [i, plane] of planes.entries()) plane.update(shown[i], table);
      const line = (/** @type {Line} */ { name, printed }) =>
        element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: "number" }, printed));
      sums.replaceChildren(element("tbody", {}, ...lines.map(line)), element("tfoot", {}, line(sum)));
    },
  };
}

function createPlane() {
  const canvas = element("canvas", { role: "img" });
  const context = context2d(canvas);
  const [title, readout] = [element("figcaption"), element("p", { class: "affine-read" })];
  /** @type {Plane | null} */
  let plane = null;

  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (!plane) return;
    const [row, column] = [
      Math.floor((offsetY / canvas.clientHeight) * plane.rows),
      Math.floor((offsetX / canvas.clientWidth) * plane.columns),
    ];
    if (row >= 0 && row < plane.rows && column >= 0 && column < plane.columns)
      readout.textContent = plane.readAt(row, column);
  });
  canvas.addEventListener("pointerleave", () => {
    readout.textContent = plane?.scale ?? "";
  });

  return {
    element: element("figure", {}, title, canvas, readout),
    /** @type {(next: Plane, table: Uint32Array) => void} */
    update(next, table) {
      plane = next;
      const { rows, columns, values } = next;
      const end = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const pixels = Uint32Array.from(values, (value) => table[tableIndex(value, end)]);
      sizeCanvas(canvas, columns, rows);
      context.putImageData(imageOf(pixels, columns, rows), 0, 0);
      canvas.style.aspectRatio = `${columns} / ${rows}`;
      canvas.setAttribute("aria-label", `${next.title}, ${next.scale}`);
      title.textContent = next.title;
      if (!canvas.matches(":hover")) readout.textContent = next.scale;
    },
  };
}
