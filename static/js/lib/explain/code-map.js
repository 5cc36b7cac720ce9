/**
 * The map of codes: two axes on which every test image has a place, and the way back from a place to a code.
 *
 * Codes crowd in the middle and reach far out. An axis therefore runs as the inverse hyperbolic sine of the distance from the
 * median, in units of half the interquartile range: straight in the middle, logarithmic beyond, so that the outliers are on the
 * map and squeeze nothing.
 */

/**
 * @typedef {object} Axis
 * @property {number} low the value at share 0
 * @property {number} high the value at share 1
 * @property {(value: number) => number} toShare
 * @property {(share: number) => number} toValue
 *
 * @typedef {[Axis, Axis]} Axes to the right, and up
 */

const QUARTILES = [0.25, 0.5, 0.75];
const MARGIN = 0.02; // of an axis, on either side of the outermost values
const TICK_STEPS = [1, 2, 5];

/**
 * @param {Float32Array} values
 * @param {number[]} levels in 0..1
 * @returns {number[]} the values below which these shares of all lie
 */
export function quantilesOf(values, levels) {
  const sorted = values.slice().sort();
  return levels.map((level) => sorted[Math.round(level * (sorted.length - 1))]);
}

/**
 * @param {Float32Array} values along one axis
 * @returns {Axis}
 */
export function createAxis(values) {
  const [low, lower, median, upper, high] = quantilesOf(values, [0, ...QUARTILES, 1]);
  const unit = (upper - lower) / 2 || 1;
  const [least, most] = [low, high].map((value) => Math.asinh((value - median) / unit));
  const extent = (most - least || 1) * (1 + 2 * MARGIN);
  const start = least - MARGIN * extent;
  const toValue = (/** @type {number} */ share) => median + unit * Math.sinh(start + share * extent);
  return {
    low: toValue(0),
    high: toValue(1),
    toValue,
    toShare: (value) => (Math.asinh((value - median) / unit) - start) / extent,
  };
}

/**
 * @param {Float32Array} coordinates two a point
 * @returns {Axes}
 */
export function createAxes(coordinates) {
  const along = (/** @type {number} */ side) => coordinates.filter((_, i) => i % 2 === side);
  return [createAxis(along(0)), createAxis(along(1))];
}

/**
 * @param {Float32Array} coordinates two a point
 * @param {Axes} axes
 * @returns {Float32Array} shares of the map's width and height, from its lower left corner
 */
export function placesOf(coordinates, axes) {
  return coordinates.map((value, i) => axes[i % 2].toShare(value));
}

/**
 * @param {Float32Array} coordinates two a point
 * @param {ArrayLike<number>} at two numbers
 * @returns {number} the index of the nearest point, by Euclid; -1 where there is none
 */
export function nearestPoint(coordinates, at) {
  let [nearest, least] = [-1, Infinity];
  for (let i = 0; i < coordinates.length; i += 2) {
    const distance = (coordinates[i] - at[0]) ** 2 + (coordinates[i + 1] - at[1]) ** 2;
    if (distance < least) [nearest, least] = [i / 2, distance];
  }
  return nearest;
}

/**
 * @param {Float32Array} places two a point
 * @param {number[]} labels class indices
 * @param {number} classes
 * @returns {([number, number] | null)[]} the middle of each class, along each axis; null for one without points
 */
export function classMedians(places, labels, classes) {
  return Array.from({ length: classes }, (_, label) => {
    const along = (/** @type {number} */ side) =>
      Float32Array.from(labels.flatMap((each, i) => (each === label ? [places[2 * i + side]] : [])));
    const [x, y] = [along(0), along(1)];
    return x.length ? [quantilesOf(x, [0.5])[0], quantilesOf(y, [0.5])[0]] : null;
  });
}

/**
 * @param {Axis} axis
 * @param {number} apart the least share between two of them
 * @returns {number[]} round values to be written along an axis, from zero outwards
 */
export function ticksOf({ low, high, toShare }, apart) {
  const largest = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  const powers = Array.from({ length: 4 }, (_, i) => 10 ** (largest - 3 + i));
  const sizes = powers.flatMap((power) => TICK_STEPS.map((step) => step * power));
  /** @type {number[]} */
  const ticks = [];
  for (const value of [0, ...sizes.flatMap((size) => [size, -size])]) {
    if (value < low || value > high) continue;
    if (ticks.every((other) => Math.abs(toShare(other) - toShare(value)) >= apart)) ticks.push(value);
  }
  return ticks;
}
