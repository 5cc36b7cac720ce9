/**
 * One heat-map with its words: alone or over what the network sees, with the scale, and a frame around the place that is read.
 */

import { areaOf } from "../../lib/explain/heat.js";
import { colourInto } from "../../lib/screen/colormaps.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createLegend } from "../parts/legend.js";

/**
 * @typedef {import("../../lib/explain/heat.js").HeatMap} HeatMap
 * @typedef {import("../parts/palette.js").Palette} Palette
 * @typedef {{row: number, column: number}} Point a pixel of the network's input
 *
 * @typedef {object} HeatContent
 * @property {HeatMap} heat
 * @property {number} end where its scale ends
 * @property {Palette} palette its table colours the values
 * @property {Uint32Array | null} under pixels of the picture below it
 * @property {number} opacity in 0..1
 * @property {string} words the strongest place, for a screen reader
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {object} options
 * @param {number[]} options.shape of the network's input
 * @param {string} options.title
 * @param {HTMLElement} options.caption
 * @param {string} options.about a sentence
 * @param {boolean} [options.plain] it is no heat-map but the input itself: without a scale
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {(point: Point | null) => void} options.onPoint the pointer or the arrow keys came to a pixel, or the pointer left
 */
export function createHeatMap({ shape, title, caption, about, plain, t, onPoint }) {
  const [rows, columns] = shape;
  const canvas = element("canvas", { tabindex: "0", role: "application", "aria-label": title });
  const context = context2d(canvas);
  const over = document.createElement("canvas");
  const frame = element("div", { class: "heat-frame" });
  const picture = element("div", { class: "heat-picture" }, canvas, frame);
  const legendHost = element("div", { class: "legend" });
  const legend = plain ? null : createLegend(legendHost, t);
  const whole = element(
    "figure",
    { class: "heat-map", title: about },
    element("figcaption", {}, element("strong", {}, title), caption),
    picture,
    legendHost,
  );
  /** @type {HeatContent | null} */
  let shown = null;
  /** @type {Point | null} */
  let framed = null;

  listenForPoints(canvas, { rows, columns, from: () => framed, onPoint });

  function paint() {
    sizeCanvas(canvas, columns, rows);
    context.clearRect(0, 0, columns, rows);
    if (!shown) return;
    const { heat, end, palette, under, opacity } = shown;
    if (under) context.putImageData(imageOf(under, columns, rows), 0, 0);
    sizeCanvas(over, columns, rows);
    const pixels = new Uint32Array(rows * columns);
    if (!plain) colourInto(heat.values, heat.places, end, palette.table, pixels);
    context2d(over).putImageData(imageOf(pixels, columns, rows), 0, 0);
    context.globalAlpha = opacity;
    context.drawImage(over, 0, 0);
    context.globalAlpha = 1;
  }

  return {
    element: whole,
    /** @param {HeatContent | null} content */
    update(content) {
      shown = content;
      canvas.setAttribute("aria-label", content ? `${title}: ${content.words}` : title);
      paint();
    },
    /** @type {(place: number, at: Point | null) => void} the place that is read, -1 for none; and the pixel that it is read at */
    mark(place, at) {
      const heat = shown?.heat;
      const area = heat && place >= 0 ? areaOf(heat, place) : null;
      placeFrame(frame, area, shape);
      framed = at ?? area ?? framed;
      if (legend && shown)
        legend.update(shown.palette, shown.end, at && heat && place >= 0 ? heat.values[place] : null);
      legendHost.classList.toggle("heat-empty", !shown);
    },
    /** @param {boolean} is whether it belongs to an earlier input */
    setStale(is) {
      whole.toggleAttribute("data-stale", is);
      whole.setAttribute("aria-busy", String(is));
    },
  };
}

/** @type {(frame: HTMLElement, area: {row: number, column: number, side: number} | null, shape: number[]) => void} */
function placeFrame(frame, area, [rows, columns]) {
  frame.hidden = !area;
  if (!area) return;
  frame.style.insetBlockStart = `${(100 * area.row) / rows}%`;
  frame.style.insetInlineStart = `${(100 * area.column) / columns}%`;
  frame.style.blockSize = `${(100 * area.side) / rows}%`;
  frame.style.inlineSize = `${(100 * area.side) / columns}%`;
}

/**
 * The pixel under the pointer, or the one that the arrow keys lead to; a finger taps.
 * @param {HTMLCanvasElement} canvas
 * @param {{rows: number, columns: number, from: () => Point | null, onPoint: (point: Point | null) => void}} options `from`: where the
 *   arrow keys begin
 */
function listenForPoints(canvas, { rows, columns, from, onPoint }) {
  const within = (/** @type {number} */ place, /** @type {number} */ count) => Math.min(Math.max(place, 0), count - 1);

  /** @param {PointerEvent | MouseEvent} event */
  function report({ offsetX, offsetY }) {
    const row = within(Math.floor((offsetY / canvas.clientHeight) * rows), rows);
    onPoint({ row, column: within(Math.floor((offsetX / canvas.clientWidth) * columns), columns) });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const { row, column } = from() ?? { row: 0, column: 0 };
    onPoint({ row: within(row + step[0], rows), column: within(column + step[1], columns) });
  }

  canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && report(event));
  canvas.addEventListener("click", report);
  canvas.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && onPoint(null));
  canvas.addEventListener("blur", () => onPoint(null));
  canvas.addEventListener("keydown", onKey);
}
