/**
 * The points of the code map on its canvas, with the axes' values below them and the classes' names above.
 */

import { classMedians, ticksOf } from "../../lib/explain/code-map.js";
import { formatValue } from "../../lib/screen/format.js";
import { context2d, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../parts/palette.js").Palette} Palette
 *
 * @typedef {object} MappedPoints
 * @property {Float32Array} places two shares a point
 * @property {number[]} labels class indices
 * @property {import("../../lib/explain/code-map.js").Axes | null} axes with values to be written; null where the numbers mean nothing
 *
 * @typedef {{context: CanvasRenderingContext2D, width: number, height: number, palette: Palette}} Sheet in CSS pixels
 */

const POINT_PX = 2;
const TICKS_APART = 0.12;

/**
 * @param {HTMLCanvasElement} canvas it takes the size of its parent
 * @param {MappedPoints} points
 * @param {{classes: string[], language: string, palette: Palette}} look
 */
export function paintCodeMap(canvas, { places, labels, axes }, { classes, language, palette }) {
  const whole = /** @type {HTMLElement} */ (canvas.parentElement);
  const ratio = devicePixelRatio;
  const [width, height] = [whole.clientWidth, whole.clientHeight];
  sizeCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio), ratio);
  const context = context2d(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const sheet = { context, width, height, palette };
  const { fontFamily, fontSize } = getComputedStyle(whole);
  if (axes) paintTicks(sheet, axes, `${fontSize} ${fontFamily}`, language);
  paintPoints(sheet, places, labels);
  paintNames(sheet, classMedians(places, labels, classes.length), classes, fontFamily);
}

/** @type {(sheet: Sheet, places: Float32Array, labels: number[]) => void} */
function paintPoints({ context, width, height, palette }, places, labels) {
  for (const [i, label] of labels.entries()) {
    const [x, y] = [places[2 * i] * width, (1 - places[2 * i + 1]) * height];
    context.fillStyle = palette.classes[label % palette.classes.length];
    context.fillRect(x - POINT_PX / 2, y - POINT_PX / 2, POINT_PX, POINT_PX);
  }
}

/** @type {(sheet: Sheet, medians: ([number, number] | null)[], classes: string[], fontFamily: string) => void} */
function paintNames({ context, width, height, palette }, medians, classes, fontFamily) {
  context.font = `700 15px ${fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = palette.panel;
  context.fillStyle = palette.ink;
  for (const [i, median] of medians.entries()) {
    if (!median) continue;
    const [x, y] = [median[0] * width, (1 - median[1]) * height];
    context.strokeText(classes[i], x, y);
    context.fillText(classes[i], x, y);
  }
}

/** @type {(sheet: Sheet, axes: import("../../lib/explain/code-map.js").Axes, font: string, language: string) => void} */
function paintTicks({ context, width, height, palette }, [right, up], font, language) {
  context.font = font;
  context.fillStyle = palette.soft;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of ticksOf(right, TICKS_APART)) {
    const x = Math.round(right.toShare(value) * width) + 0.5;
    paintLine(context, [x, 0], [x, height]);
    if (x > 40 && x < width - 16) context.fillText(formatValue(value, language, 2), x, height - 1);
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const value of ticksOf(up, TICKS_APART)) {
    const y = Math.round((1 - up.toShare(value)) * height) + 0.5;
    paintLine(context, [0, y], [width, y]);
    if (y > 8 && y < height - 20) context.fillText(formatValue(value, language, 2), 3, y);
  }
}

/** @type {(context: CanvasRenderingContext2D, from: [number, number], to: [number, number]) => void} */
function paintLine(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
