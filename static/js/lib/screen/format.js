/**
 * Numbers as a person reads them: four significant digits, a real minus sign, thin spaces in thousands, and in Polish a
 * decimal comma and a space before the percent sign.
 */

const MINUS = "\u2212";
const THIN_SPACE = "\u2009";
const NO_BREAK_SPACE = "\u00a0";

/** @typedef {"en" | "pl"} Language */

/**
 * @param {string} plain as JavaScript writes a number
 * @param {string} language
 */
function localise(plain, language) {
  const [whole, fraction] = plain.replace("-", MINUS).split(".");
  const digits = whole.replace(MINUS, "");
  const grouped = digits.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : whole;
  return fraction === undefined ? grouped : grouped + (language === "pl" ? "," : ".") + fraction;
}

/**
 * @param {number} count a whole number
 * @param {string} language
 */
export function formatCount(count, language) {
  return localise(String(Math.round(count)), language);
}

/**
 * @param {number} value
 * @param {string} language
 * @param {number} digits significant digits
 * @returns {string} without a sign for zero, in scientific notation only where nothing else fits
 */
export function formatValue(value, language, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const power = [...String(Number(exponent))].map((sign) => SUPERSCRIPT[sign]).join("");
    return `${localise(mantissa, language)}${THIN_SPACE}·${THIN_SPACE}10${power}`;
  }
  return localise(value.toFixed(Math.min(Math.max(digits - 1 - size, 0), 6)), language);
}

/**
 * A number of a column: all to the same decimals.
 * @param {number} value
 * @param {string} language
 * @param {number} decimals
 * @param {boolean} [signed] with a plus sign where it is positive
 */
export function formatDecimals(value, language, decimals, signed = false) {
  const plain = value.toFixed(decimals);
  const zero = Number(plain) === 0;
  return (signed && value > 0 && !zero ? "+" : "") + localise(zero ? plain.replace("-", "") : plain, language);
}

/** @type {Record<string, string>} */
const SUPERSCRIPT = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

/**
 * @param {number} share in 0..1
 * @param {string} language
 * @param {number} decimals
 */
export function formatPercent(share, language, decimals = 2) {
  const number = localise((share * 100).toFixed(decimals), language);
  return language === "pl" ? `${number}${NO_BREAK_SPACE}%` : `${number}%`;
}

/**
 * @param {number} change of a share, in −1..1
 * @param {string} language
 * @returns {string} in percentage points, with its sign: `+12.3`; nothing is `0`
 */
export function formatPoints(change, language) {
  const points = (change * 100).toFixed(1);
  if (Number(points) === 0) return "0";
  return (change > 0 ? "+" : "") + localise(points, language);
}

/**
 * @param {number[]} shape
 * @param {string} language
 * @returns {string} such as `32 × 32 × 3`
 */
export function formatShape(shape, language) {
  return shape.map((size) => formatCount(size, language)).join(`${NO_BREAK_SPACE}×${NO_BREAK_SPACE}`);
}
