/**
 * The order of a layer's units or maps: by number, by activation, or by contribution to a class.
 */

import { classifies } from "./networks.js";

/** @typedef {import("../api/types.js").Tensor} Tensor */

/** @typedef {"place" | "activation" | "contribution"} Order */

/** @type {Order[]} */
export const ORDERS = ["place", "activation", "contribution"];

/**
 * @param {{task: string}} card
 * @returns {Order[]} those that the units of a network can stand in: without classes nothing speaks for one
 */
export function ordersOf(card) {
  return ORDERS.filter((order) => order !== "contribution" || classifies(card));
}

/**
 * @param {Tensor} tensor values of units, shape `[units]`, or of maps, `[rows, columns, channels]`
 * @returns {Float32Array} each unit's value, or each map's mean
 */
export function strengths({ shape, values }) {
  const channels = /** @type {number} */ (shape.at(-1));
  const sums = new Float32Array(channels);
  for (let i = 0; i < values.length; i++) sums[i % channels] += values[i];
  const places = values.length / channels;
  return sums.map((sum) => sum / places);
}

/**
 * @param {Tensor} activations
 * @param {ArrayLike<number>} gradient of a score by each of them
 * @returns {Float32Array} what each unit or map adds to the score, to first order: Σ activation × gradient
 */
export function contributions({ shape, values }, gradient) {
  const channels = /** @type {number} */ (shape.at(-1));
  const sums = new Float32Array(channels);
  for (let i = 0; i < values.length; i++) sums[i % channels] += values[i] * gradient[i];
  return sums;
}

/**
 * @param {Float32Array} worth of each unit or map
 * @returns {Int32Array} their numbers, the largest worth first; equals keep their order
 */
export function largestFirst(worth) {
  return Int32Array.from(worth.keys()).sort((a, b) => worth[b] - worth[a] || a - b);
}
