/**
 * Where a value lies among those that the same unit has over the test set.
 */

/**
 * @typedef {{above: number, same: number}} Standing of a hundred: how many are lower, and how many are the very same
 *
 * @typedef {Record<keyof typeof RANGE_LEVELS, number>} UsualRange quantiles of one unit
 */

const RANGE_LEVELS = { low: 0.01, lower: 0.25, median: 0.5, upper: 0.75, high: 0.99 };

/**
 * Between two quantiles values are taken to be spread evenly.
 * @param {ArrayLike<number>} levels of the quantiles, rising from 0 to 1
 * @param {ArrayLike<number>} quantiles of one unit or map, the lowest value first
 * @param {number} value
 * @returns {Standing} 100 only for a value that is higher than any; never rounded up
 */
export function standing(levels, quantiles, value) {
  const last = levels.length - 1;
  if (value > quantiles[last]) return { above: 100, same: 0 };
  let [first, end] = [0, last];
  while (quantiles[first] < value) first++;
  while (quantiles[end] > value) end--;
  if (end < 0) return { above: 0, same: 0 };
  if (quantiles[first] === value)
    return { above: Math.min(whole(levels[first]), 99), same: whole(levels[end] - levels[first]) };
  const share = (value - quantiles[end]) / (quantiles[first] - quantiles[end]);
  return { above: Math.min(whole(levels[end] + share * (levels[first] - levels[end])), 99), same: 0 };
}

/** @param {number} share @returns {number} of a hundred, whole */
const whole = (share) => Math.floor(share * 100 + 1e-4); // levels are float32

/**
 * @param {import("../api/types.js").LayerStatistics} statistics
 * @returns {import("../api/types.js").Spread} of the values that a unit is judged by: before its activation, where it has one
 */
export function judgedBy({ pre_activation: before, activation }) {
  return before ?? activation;
}

/**
 * @param {import("../api/types.js").LayerStatistics} statistics
 * @param {number} channel unit or map
 * @returns {number[]} its quantiles, one for each of `levels`
 */
export function quantilesOf(statistics, channel) {
  const { levels } = statistics;
  return judgedBy(statistics).quantiles.values.slice(channel * levels.length, (channel + 1) * levels.length);
}

/**
 * @param {Standing} standing
 * @param {import("../screen/i18n.js").Texts} t
 * @returns {string} "above 99 of 100"
 */
export function standingWords({ above, same }, t) {
  if (same > 0) return t("usual.same", { share: same });
  return t(above === 100 ? "usual.highest" : "usual.above", { share: above });
}

/**
 * @param {import("../api/types.js").LayerStatistics} statistics
 * @param {number} channel unit or map
 * @returns {UsualRange}
 */
export function usualRange(statistics, channel) {
  const quantiles = quantilesOf(statistics, channel);
  const at = (/** @type {number} */ level) =>
    quantiles[statistics.levels.findIndex((each) => Math.abs(each - level) < 1e-6)]; // levels are float32
  const { low, lower, median, upper, high } = RANGE_LEVELS;
  return { low: at(low), lower: at(lower), median: at(median), upper: at(upper), high: at(high) };
}
