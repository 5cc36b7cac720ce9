/**
 * The space of codes as it is shown: the test images' places on the map, and the range of each number over the test set.
 */

import { createAxes, placesOf } from "./code-map.js";

/**
 * @typedef {import("./code-map.js").Axes} Axes
 *
 * @typedef {object} Mapped
 * @property {Float32Array} places of the test images, two shares an image
 * @property {number[]} labels class indices
 * @property {Axes | null} axes with values to be written; null where the map is no map of codes
 * @property {Float32Array} coordinates two an image
 *
 * @typedef {object} CodeRanges
 * @property {[number, number][]} ranges of each number of the code, where most test images lie
 * @property {number[]} middle the medians: where to begin without an input
 */

const [LOW, MIDDLE, HIGH] = [0.01, 0.5, 0.99]; // quantiles over the test set

/**
 * @param {import("../api/types.js").AtlasMap} atlas
 * @returns {Mapped}
 */
export function mappedOf({ coordinates: { values }, labels, is_code: isCode }) {
  const coordinates = Float32Array.from(values);
  const axes = createAxes(coordinates);
  return { places: placesOf(coordinates, axes), labels, axes: isCode ? axes : null, coordinates };
}

/**
 * @param {import("../api/types.js").LayerStatistics} statistics of the code
 * @param {number} numbers of the code
 * @returns {CodeRanges}
 */
export function codeRanges({ levels, activation: { quantiles } }, numbers) {
  const at = (/** @type {number} */ unit, /** @type {number} */ level) =>
    quantiles.values[unit * levels.length + levels.indexOf(level)];
  const units = [...Array(numbers).keys()];
  return {
    ranges: units.map((unit) => [at(unit, LOW), at(unit, HIGH)]),
    middle: units.map((unit) => at(unit, MIDDLE)),
  };
}

/**
 * @param {Mapped | null} mapped
 * @param {ArrayLike<number> | null} code
 * @returns {[number, number] | null} its place on the map; null where there is no code, or where the map shows no codes
 */
export function placeOnMap(mapped, code) {
  if (!code || !mapped?.axes) return null;
  const [x, y] = mapped.axes;
  return [x.toShare(code[0]), y.toShare(code[1])];
}

/**
 * @param {Mapped | null} mapped
 * @param {[number, number]} place
 * @returns {number[] | null} the code at a place of the map
 */
export function codeAt(mapped, [across, up]) {
  if (!mapped?.axes) return null;
  const [x, y] = mapped.axes;
  return [x.toValue(across), y.toValue(up)];
}
