/**
 * The input window of one value of a convolution or a pooling, and the values in it.
 */

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Tensor} Tensor
 * @typedef {{row: number, column: number, rows: number, columns: number}} Box first row and column, negative in the padding
 */

/**
 * @param {LayerCard[]} layers in the network's order
 * @param {LayerCard} layer
 * @returns {LayerCard | null} the layer whose values it looks at: what changes none of them when predicting is passed over
 */
export function sourceLayer(layers, layer) {
  const before = layers.slice(0, Math.max(0, layers.indexOf(layer)));
  return before.findLast(({ kind }) => kind !== "dropout" && kind !== "flatten") ?? null;
}

/**
 * As Keras places it: with "same" padding, what is left over goes to the end.
 * @param {LayerCard} layer a convolution or a pooling
 * @param {number[]} source shape of what it looks at
 * @param {{row: number, column: number}} place of the value in the layer
 * @returns {Box}
 */
export function windowOf({ options, shape }, source, { row, column }) {
  const size = options.kernel_size ?? options.pool_size ?? [1, 1];
  const steps = options.strides ?? (options.pool_size ? size : [1, 1]);
  const first = (/** @type {number} */ axis, /** @type {number} */ place) => {
    const outside =
      options.padding === "same" ? Math.max(0, (shape[axis] - 1) * steps[axis] + size[axis] - source[axis]) : 0;
    return place * steps[axis] - Math.floor(outside / 2);
  };
  return { row: first(0, row), column: first(1, column), rows: size[0], columns: size[1] };
}

/**
 * @param {Tensor} tensor `[rows, columns, channels]`
 * @param {number} channel
 * @returns {Float32Array} one map, row by row
 */
export function mapOf({ shape, values }, channel) {
  return Float32Array.from({ length: shape[0] * shape[1] }, (_, place) => values[place * shape[2] + channel]);
}

/**
 * @param {Float32Array} map row by row
 * @param {number[]} shape `[rows, columns, …]`
 * @param {Box} box
 * @returns {Float32Array} what lies in it, zero outside the map
 */
export function cut(map, shape, { row, column, rows, columns }) {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [y, x] = [row + Math.floor(i / columns), column + (i % columns)];
    return y >= 0 && x >= 0 && y < shape[0] && x < shape[1] ? map[y * shape[1] + x] : 0;
  });
}

/**
 * @param {{row: number, column: number}} place
 * @param {number[]} shape `[rows, columns, …]`
 * @returns {{row: number, column: number}} the next one, row by row, and from the last to the first
 */
export function nextPlace({ row, column }, [rows, columns]) {
  const next = (row * columns + column + 1) % (rows * columns);
  return { row: Math.floor(next / columns), column: next % columns };
}
