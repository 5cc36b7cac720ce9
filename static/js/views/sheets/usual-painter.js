/**
 * A layer's histogram over the test set, one unit's own range below it, and a mark at the value now.
 */

import { context2d, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../parts/palette.js").Palette} Palette
 * @typedef {import("../../lib/network/usual.js").UsualRange} UsualRange
 * @typedef {{edges: number[], counts: number[]}} Histogram
 * @typedef {(value: number) => number} ToX in device pixels
 */

const STRIP_PX = 14;
const MARK_PX = 2;
const [WHISKER, BOX] = [0.15, 0.6]; // of the strip's height

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{histogram: Histogram, range: UsualRange, least: number, most: number, value: number | null}} shown
 * @param {Palette} palette
 */
export function paintUsual(canvas, { histogram, range, least, most, value }, palette) {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * ratio));
  if (!width || !height) return;
  const context = context2d(canvas);
  sizeCanvas(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const [line, strip] = [MARK_PX * ratio, STRIP_PX * ratio];
  /** @type {ToX} */
  const xOf = (each) => ((each - least) / (most - least || 1)) * (width - line);
  paintHistogram(context, histogram, xOf, height - strip, palette);
  paintRange(context, range, xOf, { top: height - strip, height: strip }, palette);
  if (value === null) return;
  context.fillStyle = palette.ink;
  context.fillRect(Math.round(xOf(value)), 0, line, height);
}

/** @type {(context: CanvasRenderingContext2D, histogram: Histogram, xOf: ToX, height: number, palette: Palette) => void} */
function paintHistogram(context, { edges, counts }, xOf, height, palette) {
  const style = getComputedStyle(context.canvas);
  const most = Math.sqrt(Math.max(1, ...counts)); // roots, or the silent ones hide the rest
  context.globalAlpha = 0.5;
  for (const [i, count] of counts.entries()) {
    const [left, right] = [Math.round(xOf(edges[i])), Math.round(xOf(edges[i + 1]))];
    const tall = Math.round((Math.sqrt(count) / most) * height);
    const hasZero = edges[i] <= 0 && edges[i + 1] > 0;
    context.fillStyle = hasZero ? palette.faint : style.getPropertyValue(edges[i] < 0 ? "--less" : "--more");
    context.fillRect(left, height - tall, Math.max(1, right - left - 1), tall);
  }
  context.globalAlpha = 1;
}

/** @type {(context: CanvasRenderingContext2D, range: UsualRange, xOf: ToX, strip: {top: number, height: number}, palette: Palette) => void} */
function paintRange(context, range, xOf, { top, height }, palette) {
  const bar = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ share) => {
    const [left, tall] = [xOf(from), Math.max(1, Math.round(height * share))];
    const wide = Math.max(1, Math.round(xOf(to) - left));
    context.fillRect(Math.round(left), Math.round(top + (height - tall) / 2), wide, tall);
  };
  context.fillStyle = palette.soft;
  bar(range.low, range.high, WHISKER);
  bar(range.lower, range.upper, BOX);
  context.fillStyle = palette.background;
  const y = Math.round(top + (height * (1 - BOX)) / 2);
  const wide = Math.max(1, Math.round(MARK_PX * devicePixelRatio));
  context.fillRect(Math.round(xOf(range.median)), y, wide, Math.round(height * BOX));
}
