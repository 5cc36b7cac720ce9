/**
 * Summary statistics of one layer's values.
 */

/**
 * @param {Float32Array} values
 * @returns {{min: number, max: number, mean: number, silent: number}} `silent` is the share of exact zeros
 */
export function summarise(values) {
  let [min, max, total, zeros] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    total += value;
  }
  return { min, max, mean: total / values.length, silent: zeros / values.length };
}

/**
 * @param {Float32Array} values
 * @param {number} end values are counted from −end to +end; those beyond stand in the outermost bins
 * @param {number} bins
 * @returns {Uint32Array} counts
 */
export function histogram(values, end, bins) {
  const counts = new Uint32Array(bins);
  if (!(end > 0)) return counts;
  for (const value of values) {
    const bin = Math.floor(((value / end + 1) / 2) * bins);
    counts[Math.min(Math.max(bin, 0), bins - 1)]++;
  }
  return counts;
}

/**
 * @param {Float32Array} values
 * @param {number} value
 * @returns {number} its place from the top, 1 for the highest; equals share a place
 */
export function rankOf(values, value) {
  let higher = 0;
  for (const other of values) if (other > value) higher++;
  return higher + 1;
}
