/**
 * One unit's sum as printed: how many terms are listed, with how many decimals, rounded so that the column adds up.
 */

/**
 * @typedef {import("../api/types.js").UnitExplanation} UnitExplained
 *
 * @typedef {object} PrintedSum the numbers as they stand on the page: multiples of the last decimal
 * @property {number} decimals
 * @property {number[]} supporting of each term that is listed
 * @property {number[]} opposing
 * @property {number} supportingSum Σ `supporting`
 * @property {number} opposingSum
 * @property {{count: number, sum: number}} rest all terms that are not listed
 * @property {number} bias
 * @property {number} value `supportingSum` + `opposingSum` + `rest.sum` + `bias`
 */

const LEAST_DECIMALS = 3;
const MOST_DECIMALS = 7;
const SIGNIFICANT = 4; // digits of the largest number of the column

/**
 * Every listed term, the bias and the value are rounded separately. The remaining difference is added to the rest, which is shown
 * nowhere else; it differs from its own rounding by at most half of the last decimal per printed number. If every term is listed,
 * the difference is added to the largest term.
 * @param {Pick<UnitExplained, "supporting" | "opposing" | "rest" | "bias" | "value">} explained
 * @param {number} count how many terms for, and how many against, are listed
 * @returns {PrintedSum}
 */
export function printedSum({ supporting, opposing, rest, bias, value }, count) {
  const listed = [...supporting.slice(0, count), ...opposing.slice(0, count)];
  const others = rest.count + supporting.length + opposing.length - listed.length;
  const decimals = decimalsFor([...listed.map((term) => term.value), bias, value]);
  const units = (/** @type {number} */ number) => Math.round(number * 10 ** decimals);
  const terms = listed.map((term) => units(term.value));
  let left = units(value) - units(bias) - total(terms);
  if (others === 0 && terms.length) {
    terms[largest(terms)] += left;
    left = 0;
  }
  const printed = (/** @type {number} */ number) => number / 10 ** decimals || 0; // no negative zero
  const [first, second] = [
    terms.slice(0, Math.min(count, supporting.length)),
    terms.slice(Math.min(count, supporting.length)),
  ];
  return {
    decimals,
    supporting: first.map(printed),
    opposing: second.map(printed),
    supportingSum: printed(total(first)),
    opposingSum: printed(total(second)),
    rest: { count: others, sum: printed(left) },
    bias: printed(units(bias)),
    value: printed(units(value)),
  };
}

/**
 * @param {number[]} numbers of one column
 * @returns {number} as many decimals as show the largest to four digits, and three at the least
 */
export function decimalsFor(numbers) {
  const most = Math.max(...numbers.map(Math.abs));
  const wanted = most > 0 ? SIGNIFICANT - 1 - Math.floor(Math.log10(most)) : LEAST_DECIMALS;
  return Math.min(Math.max(wanted, LEAST_DECIMALS), MOST_DECIMALS);
}

/**
 * What each input map adds to a value of a convolution.
 * @param {{shape: number[], values: ArrayLike<number>}} products input × weight, `[rows, columns, maps]`
 * @returns {Float64Array} one sum a map
 */
export function sumsByMap({ shape, values }) {
  const sums = new Float64Array(/** @type {number} */ (shape.at(-1)));
  for (let i = 0; i < values.length; i++) sums[i % sums.length] += values[i];
  return sums;
}

/** @param {number[]} numbers */
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** @param {number[]} numbers @returns {number} where the largest magnitude stands */
const largest = (numbers) =>
  numbers.reduce((best, number, i) => (Math.abs(number) > Math.abs(numbers[best]) ? i : best), 0);
