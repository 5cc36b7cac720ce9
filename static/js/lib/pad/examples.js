/**
 * Example digits as strokes, in two hands, and how far a hand has come after some time.
 */

import { PAD_SIZE } from "./drawing.js";

/**
 * @typedef {import("./drawing.js").Stroke} Stroke
 * @typedef {{label: string, hand: string, strokes: [number, number][][]}} Example points in 0..1 of the pad
 */

/**
 * @param {Example} example
 * @param {number} width of the brush
 * @returns {Stroke[]} in the pad's coordinates
 */
export function exampleStrokes(example, width) {
  return example.strokes.map((points) => ({
    tool: "brush",
    colour: "#ffffff",
    width,
    points: points.flat().map((part) => Math.round(part * PAD_SIZE * 100) / 100),
  }));
}

/**
 * @param {Example} example
 * @param {number} degrees clockwise
 * @param {number} slant how far to the side for each step down
 * @returns {Example} turned and slanted about the middle of the pad
 */
export function turned(example, degrees, slant) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  /** @type {(point: [number, number]) => [number, number]} */
  const turn = ([left, top]) => {
    const [x, y] = [left - 0.5 + slant * (top - 0.5), top - 0.5];
    return [0.5 + cos * x - sin * y, 0.5 + sin * x + cos * y];
  };
  return { ...example, strokes: example.strokes.map((points) => points.map(turn)) };
}

/**
 * @param {Stroke[]} strokes
 * @param {number} share of all points, in 0..1
 * @returns {Stroke[]} what is drawn by then; the last one may still grow
 */
export function strokesUntil(strokes, share) {
  let left = Math.ceil((share * strokes.reduce((total, stroke) => total + stroke.points.length, 0)) / 2) * 2;
  const drawn = [];
  for (const stroke of strokes) {
    if (left <= 0) break;
    drawn.push({ ...stroke, points: stroke.points.slice(0, left) });
    left -= stroke.points.length;
  }
  return drawn;
}
