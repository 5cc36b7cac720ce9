/**
 * Heat-maps for a class: one value per pixel, or one per place of a window that covers the image.
 */

import { showsBefore } from "../network/shown.js";
import { parseHex } from "../screen/colormaps.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {{shape: number[], values: ArrayLike<number>}} Values `[rows, columns]` or `[rows, columns, channels]`, flat, row-major
 *
 * @typedef {object} HeatMap
 * @property {number} rows of the network's input
 * @property {number} columns of the network's input
 * @property {Float32Array} values one a place of the window
 * @property {Int32Array} places for each pixel the place whose middle lies nearest, or -1 where none does
 * @property {number} across places side by side
 * @property {number} window side of the square of pixels that a value is about
 * @property {number} stride pixels from one place to the next
 */

/**
 * @param {Values} gradient by the input
 * @returns {Float32Array} one value a pixel: of its channels the one of the largest magnitude, with its sign
 *
 * Source: Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks" (2014), section 3.1, who drop the sign.
 */
export function largestChannel({ shape, values }) {
  const channels = shape[2] ?? 1;
  return Float32Array.from({ length: values.length / channels }, (_, pixel) => {
    let largest = 0;
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) {
      if (Math.abs(values[i]) > Math.abs(largest)) largest = values[i];
    }
    return largest;
  });
}

/**
 * @param {Values} gradient by the input
 * @param {ArrayLike<number>} input
 * @returns {Float32Array} one value a pixel: Σ gradient × input over its channels, what it adds to the score to first order
 */
export function timesInput({ shape, values }, input) {
  const channels = shape[2] ?? 1;
  const sums = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / channels)] += values[i] * input[i];
  return sums;
}

/**
 * @param {number[]} shape of the network's input
 * @param {ArrayLike<number>} values one a pixel, or one a place of a window
 * @param {{window: number, stride: number, across: number}} [covered] how the window moved, where there was one
 * @returns {HeatMap}
 */
export function heatMap(
  [rows, columns],
  values,
  { window, stride, across } = { window: 1, stride: 1, across: columns },
) {
  const down = values.length / across;
  const inset = (window - stride) / 2; // the middle of a window is that of the stride's square within it
  const placeAt = (/** @type {number} */ pixel) => Math.floor((pixel + 0.5 - inset) / stride);
  const places = Int32Array.from({ length: rows * columns }, (_, pixel) => {
    const [row, column] = [placeAt(Math.floor(pixel / columns)), placeAt(pixel % columns)];
    return row < 0 || row >= down || column < 0 || column >= across ? -1 : row * across + column;
  });
  return { rows, columns, values: Float32Array.from(values), places, across, window, stride };
}

/**
 * @param {HeatMap} heat
 * @param {number} place
 * @returns {{row: number, column: number, side: number}} the pixels that its value is about, by the first of them
 */
export function areaOf({ across, window, stride }, place) {
  return { row: Math.floor(place / across) * stride, column: (place % across) * stride, side: window };
}

/**
 * @param {ArrayLike<number>} values
 * @returns {number} where the largest magnitude stands, the first of equals; -1 where all is zero
 */
export function strongest(values) {
  let [most, found] = [0, -1];
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) > most) [most, found] = [Math.abs(values[i]), i];
  }
  return found;
}

/**
 * @param {ArrayLike<number>} values
 * @returns {number} their largest magnitude
 */
export function largestMagnitude(values) {
  const place = strongest(values);
  return place < 0 ? 0 : Math.abs(values[place]);
}

const STEPS = 255; // colours on each side of zero

/**
 * A diverging table to lay over a picture: one colour a side, opaque at its end and transparent at zero. The alpha is the root
 * of the magnitude, so that half of the scale is seen well.
 * @param {string} less `#rrggbb` below zero
 * @param {string} more `#rrggbb` above zero
 * @returns {Uint32Array} 511 pixels, little-endian RGBA, as `divergingTable` has them
 */
export function overlayTable(less, more) {
  const [down, up] = [less, more].map(parseHex);
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const [red, green, blue] = i < STEPS ? down : up;
    const alpha = Math.round(255 * Math.sqrt(Math.abs(i - STEPS) / STEPS));
    return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/**
 * The network's input without its colours, for colours to be laid over.
 * @param {Values} input values in 0..1
 * @returns {Float32Array} one lightness a pixel (the luma of Rec. 709)
 */
export function lightness({ shape, values }) {
  if (shape[2] !== 3) return Float32Array.from(values);
  return Float32Array.from(
    { length: values.length / 3 },
    (_, pixel) => 0.2126 * values[3 * pixel] + 0.7152 * values[3 * pixel + 1] + 0.0722 * values[3 * pixel + 2],
  );
}

/**
 * What the layers show where they show gradients: by what each panel shows of its values, before or after the activation.
 * @param {LayerCard[]} layers
 * @param {NonNullable<import("../api/types.js").GradientExplanation["layers"]>} gradients with all numbers
 * @param {string[]} before names of the layers that were switched to their other side
 * @returns {Map<string, {values: Float32Array, end: number}>} without what has no gradient: the softmax's output. Both sides of
 *   an activation stand on one scale, which ends at the layer's largest magnitude
 */
export function gradientLens(layers, gradients, before) {
  const lens = new Map();
  for (const layer of layers) {
    const found = gradients.find(({ name }) => name === layer.name);
    const [into, out] = [found?.pre_activation?.values, found?.activation?.values];
    const shown = showsBefore(layer, before) ? into : out;
    const end = Math.max(largestMagnitude(into ?? []), largestMagnitude(out ?? []));
    if (shown) lens.set(layer.name, { values: Float32Array.from(shown), end: end || 1 });
  }
  return lens;
}
