/**
 * Which of a layer's values are on show, and on which scale.
 */

import { summarise } from "./statistics.js";

/** @typedef {"fixed" | "layer" | "map"} Scope what one colour scale holds for: the whole test set, or the values that are there now */

/** @type {Scope[]} */
export const SCOPES = ["fixed", "layer", "map"];

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Reading} Reading
 * @typedef {import("../api/types.js").Range} Range
 * @typedef {import("../api/types.js").Tensor} Tensor
 */

/**
 * Softmax is shown by the bars already, so its layer shows its logits first; every other layer shows what it passes on.
 * @param {LayerCard} layer
 * @param {string[]} switched names of the layers that were switched to their other side
 * @returns {boolean} whether the values before the activation are on show
 */
export function showsBefore(layer, switched) {
  if (!layer.activation) return false;
  return switched.includes(layer.name) !== (layer.activation === "softmax");
}

/**
 * Where each layer's colour scale ends, fixed over the test set. A ReLU is drawn on the scale of what it was given, so that
 * one sees what it takes away; what only passes values on (pooling, dropout, flatten) keeps the scale they came with, so
 * that a value keeps its colour.
 * @param {LayerCard[]} layers in the network's order
 * @returns {Map<string, number>} by layer name
 */
export function scaleEnds(layers) {
  const ends = new Map();
  let end = 1;
  for (const layer of layers) {
    const own = layer.kind === "dense" || layer.kind === "convolution" || layer.kind === "input";
    if (own) end = layer.scale?.pre_activation ?? layer.scale?.activation ?? 1;
    ends.set(layer.name, end);
  }
  return ends;
}

/**
 * @param {Reading | null} reading
 * @param {boolean} before
 * @returns {{tensor: Tensor, range: Range} | null} the range at full precision where the server gave it
 */
export function shownValues(reading, before) {
  const tensor = before ? reading?.before : reading?.after;
  if (!reading || !tensor) return null;
  const exact = before ? reading.exact?.pre_activation : reading.exact?.activation;
  return { tensor, range: exact ?? summarise(tensor.values) };
}

/**
 * @param {LayerCard} layer
 * @param {boolean} isBefore
 * @returns {boolean} whether its values lie in 0..1 by nature, and their scale with them: probabilities, or brightnesses
 */
export function isShare({ activation }, isBefore) {
  return !isBefore && (activation === "softmax" || activation === "sigmoid");
}

/**
 * @param {Scope} scope
 * @param {number} fixed end over the test set
 * @param {Tensor | null} tensor
 * @returns {number | Float32Array} where the scale ends; in the scope of a map, for each map of a layer that has some
 */
export function scopeEnd(scope, fixed, tensor) {
  if (scope === "fixed" || !tensor) return fixed;
  const channels = tensor.shape.length === 3 && scope === "map" ? tensor.shape[2] : 1;
  const ends = new Float32Array(channels);
  tensor.values.forEach((value, i) => {
    ends[i % channels] = Math.max(ends[i % channels], Math.abs(value));
  });
  const seen = ends.map((end) => end || fixed); // nothing but zeros is drawn as zeros on any scale
  return channels === 1 ? seen[0] : seen;
}

/**
 * @param {number | Float32Array} end
 * @param {number} channel
 * @returns {number} where the scale of one unit or map ends
 */
export function endOf(end, channel) {
  return typeof end === "number" ? end : end[channel];
}
