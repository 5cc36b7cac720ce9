/**
 * Weights of units that read the image itself: as many as the image has numbers, so that those of one unit are a picture like it.
 */

/**
 * @typedef {import("../api/types.js").Kernel} Kernel
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 */

/**
 * @param {{layers: LayerCard[]}} card
 * @param {LayerCard} layer
 * @returns {boolean} whether its units read the image, with nothing in between that mixes its numbers
 */
export function readsImage({ layers }, layer) {
  const before = layers.slice(0, layers.indexOf(layer));
  return (
    layer.kind === "dense" &&
    before.every(({ kind }) => kind === "input" || kind === "flatten" || kind === "normalization")
  );
}

/**
 * @param {Kernel} kernel
 * @param {number[]} image its shape, `[rows, columns]` or `[rows, columns, channels]`
 * @returns {Kernel} the same weights with the image's axes, where they are `[inputs, units]` with an input for each of its numbers
 */
export function asPictures(kernel, [rows, columns, channels = 1]) {
  const [inputs, units] = kernel.shape;
  if (kernel.shape.length !== 2 || inputs !== rows * columns * channels) return kernel;
  return { shape: [rows, columns, channels, units], values: kernel.values };
}
