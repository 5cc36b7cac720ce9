/**
 * Two readings of one layer beside each other: on one scale, and their difference.
 */

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Tensor} Tensor
 */

/**
 * @param {Tensor} a
 * @param {Tensor} b of the same shape
 * @returns {Tensor} b − a: what has grown is positive
 */
export function difference(a, b) {
  return { shape: b.shape, values: b.values.map((value, i) => value - a.values[i]) };
}

/**
 * @param {LayerCard[]} layers
 * @param {LayerCard[]} others
 * @returns {LayerCard[]} those of the first that the second has too: the same name, kind and shape
 */
export function sharedLayers(layers, others) {
  return layers.filter(({ name, kind, shape }) =>
    others.some((other) => other.name === name && other.kind === kind && other.shape.join() === shape.join()),
  );
}
