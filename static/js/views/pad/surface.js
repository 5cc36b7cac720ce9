/**
 * The canvases of the pad: the drawing as it is seen, a pale example below it, and the raster that becomes a picture.
 */

import { PAD_SIZE } from "../../lib/pad/drawing.js";
import { element, sizeCanvas } from "../parts/dom.js";
import { createInk } from "./ink.js";

/** @typedef {import("../../lib/pad/drawing.js").Stroke} Stroke */

/**
 * @param {HTMLElement} host
 * @param {string} label
 */
export function createSurface(host, label) {
  const ghost = host.appendChild(element("canvas", { "aria-hidden": "true" }));
  const canvas = host.appendChild(element("canvas", { class: "pad", tabindex: "0", role: "img", "aria-label": label }));
  const rasterCanvas = element("canvas", { width: `${PAD_SIZE}`, height: `${PAD_SIZE}` });
  const [ink, ghostInk] = [createInk(canvas), createInk(ghost)];
  const raster = createInk(rasterCanvas, { willReadFrequently: true });

  const pixels = () => raster.context.getImageData(0, 0, PAD_SIZE, PAD_SIZE).data;

  return {
    canvas,
    /** @type {(strokes: Stroke[], example: Stroke[]) => void} draw everything again */
    redraw(strokes, example) {
      ink.redraw(strokes);
      raster.redraw(strokes);
      ghostInk.redraw(example);
    },
    /** @param {Stroke | null} stroke that is being drawn */
    grow(stroke) {
      if (stroke) ghostInk.redraw([]);
      ink.grow(stroke);
      raster.grow(stroke);
    },
    /** @param {Stroke} stroke that has ended */
    keep(stroke) {
      ink.keep(stroke);
      raster.keep(stroke);
    },
    /** @returns {Uint8ClampedArray} RGBA of the pad's 280 × 280 pixels */
    pixels,
    /** @type {(strokes: Stroke[], shown: Stroke[], growing: Stroke | null) => Uint8ClampedArray} RGBA of `strokes`; the pad goes on showing the others */
    pixelsOf(strokes, shown, growing) {
      raster.redraw(strokes);
      const found = pixels();
      raster.redraw(shown);
      raster.grow(growing);
      return found;
    },
    /** @returns {boolean} whether its resolution has changed: it is blank now */
    fit() {
      const side = Math.round(host.clientWidth * devicePixelRatio);
      if (!side || side === canvas.width) return false;
      for (const each of [canvas, ghost]) sizeCanvas(each, side, side);
      return true;
    },
    /** @param {boolean} visible */
    setVisible(visible) {
      canvas.hidden = ghost.hidden = !visible;
    },
    destroy() {
      canvas.remove();
      ghost.remove();
    },
  };
}
