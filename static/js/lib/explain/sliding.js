/**
 * One position of the window of a convolution or a pooling: what it covers in its source, the kernel's slice, their products, and the
 * value that the window makes.
 */

import { cut, mapOf, windowOf } from "../network/window.js";
import { weightAt } from "./addresses.js";
import { sumsByMap } from "./sum.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Reading} Reading
 * @typedef {import("../api/types.js").UnitExplanation} UnitExplained
 * @typedef {{row: number, column: number}} Place
 *
 * @typedef {object} Position
 * @property {LayerCard} layer
 * @property {LayerCard} from the layer that the window looks at
 * @property {Place} place the value of the layer that the window makes
 * @property {number} map of the layer
 * @property {number} channel the input map that is shown
 *
 * @typedef {object} Covered
 * @property {import("../network/window.js").Box} box
 * @property {Float32Array} source the whole input map, row by row
 * @property {Float32Array} output the whole map that the window makes, before its activation where it has one
 * @property {boolean} isBefore whether `output` is before the activation
 * @property {Float32Array} seen the part of `source` in the box
 * @property {Float32Array | null} slice of the kernel, for this input map; null where there is none or where it is not known yet
 * @property {Float32Array} products `seen` × `slice`, or `seen` alone
 * @property {number} share the sum of `products`: what this input map adds
 * @property {number} value the value that the window makes
 */

/**
 * @param {Map<string, Reading> | null} readings
 * @param {Position} position
 * @param {UnitExplained | null} explained any value of the same map: its kernel is the same
 * @returns {Covered | null} null while the layers have no values
 */
export function coveredAt(readings, { layer, from, place, map, channel }, explained) {
  const inputs = readings?.get(from.name)?.after;
  const reading = readings?.get(layer.name);
  const outputs = reading?.before ?? reading?.after;
  if (!inputs || !outputs) return null;
  const box = windowOf(layer, from.shape, place);
  const [source, output] = [mapOf(inputs, channel), mapOf(outputs, map)];
  const seen = cut(source, from.shape, box);
  const weighs = layer.kind === "convolution" && from.kind !== "normalization";
  const slice = weighs ? kernelSlice(explained, [box.rows, box.columns], channel) : null;
  const products = slice ? seen.map((value, i) => value * slice[i]) : seen;
  const share = products.reduce((sum, each) => sum + each, 0);
  const value = output[place.row * layer.shape[1] + place.column];
  return { box, source, output, isBefore: Boolean(reading?.before), seen, slice, products, share, value };
}

/**
 * @param {UnitExplained | null} explained
 * @param {number[]} shape `[rows, columns]` of the window
 * @param {number} channel
 * @returns {Float32Array | null} the kernel's weights for one input map, row by row
 */
export function kernelSlice(explained, [rows, columns], channel) {
  if (!explained?.weights || !explained.window) return null;
  const { window: at, weights } = explained;
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const address = { row: at.row + Math.floor(i / columns), column: at.column + (i % columns), channel };
    return weights.values[weightAt(explained, address) ?? 0];
  });
}

/**
 * @param {{shape: number[], values: ArrayLike<number>}} products input × weight, `[rows, columns, maps]`
 * @returns {number} the input map that adds most, by magnitude
 */
export function strongestMap(products) {
  const sums = sumsByMap(products).map(Math.abs);
  return sums.indexOf(Math.max(...sums));
}
