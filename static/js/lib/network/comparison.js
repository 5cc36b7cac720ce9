/**
 * Two readings of the same layers, A and B: which of them the layers can show, and the values that they show then.
 */

import { difference, sharedLayers } from "./pairs.js";
import { shownValues, showsBefore } from "./shown.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Tensor} Tensor
 * @typedef {Map<string, import("../api/types.js").Reading> | null} Readings
 * @typedef {"a" | "b" | "difference"} CompareView
 * @typedef {{a: Readings, b: Readings, before: string[]}} Pair `before`: layers that were switched to their other side
 */

/** @type {CompareView[]} */
export const COMPARE_VIEWS = ["b", "a", "difference"];

/**
 * @param {{kind: "input" | "network", readings: Readings} | null} held what stands in slot A
 * @param {CompareView} wanted
 * @returns {CompareView} B while there is no A; units of two networks have no difference
 */
export function possibleView(held, wanted) {
  if (!held?.readings) return "b";
  return held.kind === "network" && wanted === "difference" ? "b" : wanted;
}

/**
 * @param {LayerCard[]} layers
 * @param {LayerCard[]} others
 * @returns {LayerCard[]} the hidden layers that compute and that both networks have
 */
export function comparedLayers(layers, others) {
  const computing = layers.slice(0, -1).filter(({ kind }) => kind === "dense" || kind === "convolution");
  return sharedLayers(computing, others);
}

/**
 * @param {CompareView} view
 * @param {Pair} pair
 * @param {LayerCard} layer
 * @returns {Tensor | null} null where a reading is missing
 */
export function comparedValues(view, { a, b, before }, layer) {
  const valuesOf = (/** @type {Readings} */ readings) =>
    shownValues(readings?.get(layer.name) ?? null, showsBefore(layer, before))?.tensor ?? null;
  if (view === "a") return valuesOf(a);
  if (view === "b") return valuesOf(b);
  const [one, other] = [valuesOf(a), valuesOf(b)];
  return one && other ? difference(one, other) : null;
}
