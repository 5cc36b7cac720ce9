/**
 * One map, enlarged, with an outline around a part of it; the pointer and the arrow keys move over it.
 */

import { colourInto } from "../../lib/screen/colormaps.js";
import { fitMap, mapOrder } from "../../lib/screen/grid.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {{row: number, column: number}} Place
 *
 * @typedef {object} MapContent
 * @property {Float32Array} values row by row
 * @property {number[]} shape `[rows, columns, …]`
 * @property {number} end of the colour scale
 * @property {import("../parts/palette.js").Palette} palette
 * @property {import("../../lib/network/window.js").Box} box what is outlined
 * @property {number} side room in CSS pixels
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {string} label
 * @param {{onPlace: (place: Place) => void, onPin: (place: Place) => void} | null} events without them it is a picture
 */
export function createWindowMap(label, events) {
  const canvas = element("canvas", {
    class: "window-map",
    "aria-label": label,
    role: events ? "application" : "img",
    ...(events ? { tabindex: "0" } : {}),
  });
  const context = context2d(canvas);
  const bitmap = document.createElement("canvas");
  /** @type {MapContent | null} */
  let shown = null;

  /** @param {MouseEvent} event @returns {Place | null} */
  function placeOf({ offsetX, offsetY }) {
    if (!shown || !canvas.clientWidth) return null;
    const [rows, columns] = shown.shape;
    const within = (/** @type {number} */ share, /** @type {number} */ count) =>
      Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    return { row: within(offsetY / canvas.clientHeight, rows), column: within(offsetX / canvas.clientWidth, columns) };
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = ARROWS[event.key];
    if (!shown || !events) return;
    const { box, shape } = shown;
    if (event.key === "Enter") return events.onPin(box);
    if (!step) return;
    event.preventDefault();
    const [row, column] = [box.row + step[0], box.column + step[1]];
    if (row >= 0 && column >= 0 && row < shape[0] && column < shape[1]) events.onPlace({ row, column });
  }

  if (events) {
    const at = (/** @type {(place: Place) => void} */ act) => (/** @type {MouseEvent} */ event) => {
      const place = placeOf(event);
      if (place) act(place);
    };
    canvas.addEventListener("pointermove", at(events.onPlace));
    canvas.addEventListener("click", at(events.onPin));
    canvas.addEventListener("keydown", onKey);
  }

  return {
    element: canvas,
    /** @param {MapContent} content */
    update(content) {
      shown = content;
      const { values, shape, end, palette, box, side } = content;
      const grid = fitMap(shape, Math.floor(side * devicePixelRatio), Math.floor(side * devicePixelRatio));
      sizeCanvas(canvas, grid.width, grid.height, devicePixelRatio);
      sizeCanvas(bitmap, grid.mapColumns, grid.mapRows);
      const pixels = new Uint32Array(values.length);
      colourInto(values, mapOrder(grid, 0), end, palette.table, pixels);
      context2d(bitmap).putImageData(imageOf(pixels, grid.mapColumns, grid.mapRows), 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(bitmap, 0, 0, grid.width, grid.height);
      const cell = grid.width / grid.mapColumns;
      const line = Math.max(1, Math.round(1.5 * devicePixelRatio));
      for (const [colour, width] of /** @type {const} */ ([
        [palette.background, 3 * line],
        [palette.ink, line],
      ])) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.strokeRect(box.column * cell, box.row * cell, box.columns * cell, box.rows * cell);
      }
    },
  };
}
