/**
 * Threads as they lie on the page: a curve for each, and a knot at every place that one leads to.
 */

import { curveBetween } from "../screen/curve.js";
import { nameOf } from "./trace.js";

/**
 * @typedef {import("../screen/curve.js").Curve} Curve
 * @typedef {import("../screen/curve.js").Rect} Rect
 * @typedef {import("./trace.js").Place} Place
 * @typedef {import("./trace.js").Thread} Thread
 *
 * @typedef {(place: Place) => Rect | null} RectOf where a place stands on the page; null where it is out of sight
 * @typedef {{thread: Thread, curve: Curve, isFaded: boolean}} Strand
 *
 * @typedef {object} Knot
 * @property {Rect} rect
 * @property {number} value
 * @property {number} step
 * @property {boolean} isSmall whether it is a dot: its place is too small for a line around it
 * @property {boolean} isFaded
 */

const BESIDE_BAR = 4;
const LEAST_RING = 7;

/**
 * @param {Thread[]} threads
 * @param {Thread[] | null} front those that are looked at; the others fade. Null where none is
 * @param {RectOf} rectOf
 * @returns {Strand[]} in the order in which they are drawn: the faded ones first, then by their share
 */
export function strandsOf(threads, front, rectOf) {
  const all = [...threads.filter((each) => !front?.includes(each)), ...(front ?? [])];
  const strands = all.flatMap((thread) => {
    const [from, to] = [startOf(thread, rectOf), rectOf(thread.to)];
    const isFaded = front !== null && !front.includes(thread);
    return from && to ? [{ thread, curve: curveBetween(from, to), isFaded }] : [];
  });
  return strands.sort((a, b) => Number(b.isFaded) - Number(a.isFaded) || a.thread.share - b.thread.share);
}

/** @type {(thread: Thread, rectOf: RectOf) => Rect | null} a thread begins beside the bar of its class */
function startOf({ from, step }, rectOf) {
  const rect = rectOf(from);
  if (!rect || step > 0) return rect;
  return { x: rect.x - BESIDE_BAR, y: rect.y, width: rect.width, height: rect.height };
}

/**
 * @param {Thread[]} threads
 * @param {Thread[] | null} front
 * @param {RectOf} rectOf
 * @returns {Knot[]} one for each place that a thread leads to
 */
export function knotsOf(threads, front, rectOf) {
  /** @type {Map<string, Knot>} */
  const knots = new Map();
  const last = threads.at(-1)?.step;
  for (const thread of [...threads, ...(front ?? [])]) {
    const { to, value, step } = thread;
    const rect = rectOf(to);
    if (!rect) continue;
    const isSmall = step === last || rect.width < LEAST_RING;
    knots.set(nameOf(to), { rect, value, step, isSmall, isFaded: front !== null && !front.includes(thread) });
  }
  return [...knots.values()];
}

/**
 * @param {Strand[]} strands
 * @param {Knot[]} knots
 * @param {number} margin
 * @returns {Rect} around all of them, in whole pixels
 */
export function boundsOf(strands, knots, margin) {
  const points = strands.flatMap(({ curve }) => curve);
  const rects = knots.map(({ rect }) => rect);
  const xs = [...points.map(([x]) => x), ...rects.flatMap(({ x, width }) => [x, x + width])];
  const ys = [...points.map(([, y]) => y), ...rects.flatMap(({ y, height }) => [y, y + height])];
  const [x, y] = [Math.floor(Math.min(...xs)) - margin, Math.floor(Math.min(...ys)) - margin];
  return {
    x,
    y,
    width: Math.ceil(Math.max(...xs)) + margin - x,
    height: Math.ceil(Math.max(...ys)) + margin - y,
  };
}
