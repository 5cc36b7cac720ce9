/**
 * Small words for the document: finding what a template named, making elements, a canvas at the screen's resolution.
 */

/**
 * @param {string} name what the template calls it, `data-part`
 * @returns {HTMLElement}
 */
export function part(name) {
  const found = document.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no part ${name}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * @param {string} name of a symbol in the page's sprite
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "icon-svg");
  svg.setAttribute("aria-hidden", "true");
  const use = svg.appendChild(document.createElementNS(namespace, "use"));
  use.setAttribute("href", `#icon-${name}`);
  return svg;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function context2d(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser draws no canvas");
  return context;
}

/**
 * Give a canvas the resolution of the screen, and its size in the layout.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width device pixels
 * @param {number} height device pixels
 * @param {number} [ratio] device pixels in a CSS pixel; without it the style sheet says how large it is
 */
export function sizeCanvas(canvas, width, height, ratio) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  if (!ratio) return;
  canvas.style.inlineSize = `${width / ratio}px`;
  canvas.style.blockSize = `${height / ratio}px`;
}

/**
 * @param {Uint32Array} pixels little-endian RGBA
 * @param {number} width
 * @param {number} height
 * @returns {ImageData}
 */
export function imageOf(pixels, width, height) {
  const bytes = new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer), pixels.byteOffset, pixels.byteLength);
  return new ImageData(bytes, width, height);
}
