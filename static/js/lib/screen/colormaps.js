/**
 * From values to colours: one diverging scale, zero in the middle, the same for every layer.
 */

/** @typedef {[number, number, number]} Rgb */

const STEPS = 255; // colours on each side of zero

/**
 * Most values of a layer lie far below its scale's end. A colour stands at its share of the end raised to this power, which
 * parts small values from zero, so that a projector shows them. The legend's axis stays straight.
 */
const POWER = 0.65;

/**
 * @param {string} hex `#rrggbb`
 * @returns {Rgb}
 */
export function parseHex(hex) {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex.trim());
  if (!digits) throw new RangeError(`not a colour of the form #rrggbb: ${hex}`);
  const number = Number.parseInt(digits[1], 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/**
 * @param {Rgb[]} stops at equal distances from 0 to 1
 * @param {number} position in 0..1
 * @returns {Rgb} linear in between
 */
export function interpolate(stops, position) {
  const at = Math.min(Math.max(position, 0), 1) * (stops.length - 1);
  const lower = Math.min(Math.floor(at), stops.length - 2);
  const share = at - lower;
  const mix = (/** @type {number} */ i) => Math.round(stops[lower][i] * (1 - share) + stops[lower + 1][i] * share);
  return [mix(0), mix(1), mix(2)];
}

/**
 * A table of pixels from the negative end over zero to the positive end.
 * @param {string[]} negative colours from zero to the lower end
 * @param {string[]} positive colours from zero to the upper end
 * @returns {Uint32Array} 511 pixels as `ImageData` holds them (little-endian RGBA); zero is entry 255
 */
export function divergingTable(negative, positive) {
  const table = new Uint32Array(2 * STEPS + 1);
  const [down, up] = [negative.map(parseHex), positive.map(parseHex)];
  for (let i = -STEPS; i <= STEPS; i++) {
    table[i + STEPS] = pixel(interpolate(i < 0 ? down : up, (Math.abs(i) / STEPS) ** POWER));
  }
  return table;
}

/**
 * A table of pixels for brightness: black up to zero, white at the end, nothing raised to a power, as `inputPixels` paints.
 * @returns {Uint32Array} as long as a diverging table
 */
export function brightnessTable() {
  const grey = (/** @type {number} */ level) => pixel([level, level, level]);
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => grey(Math.max(0, i - STEPS)));
}

/**
 * @param {Rgb} colour
 * @returns {number} opaque, as a little-endian RGBA word
 */
export function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * @param {number} value
 * @param {number} end the value at which the scale ends
 * @returns {number} index into a diverging table; zero, and anything on a scale without extent, is the middle
 */
export function tableIndex(value, end) {
  if (!(end > 0)) return STEPS;
  const share = value / end;
  return STEPS + Math.round(Math.min(Math.max(share, -1), 1) * STEPS);
}

/**
 * Colour values in the order in which they shall stand in a picture.
 * @param {Float32Array} values
 * @param {Int32Array} order for each pixel the index of its value, or -1 for none (left transparent)
 * @param {number} end
 * @param {Uint32Array} table
 * @param {Uint32Array} pixels written to, same length as `order`
 */
export function colourInto(values, order, end, table, pixels) {
  for (let i = 0; i < order.length; i++) {
    pixels[i] = order[i] < 0 ? 0 : table[tableIndex(values[order[i]], end)];
  }
}

/**
 * The network's input as a person sees it.
 * @param {import("../api/types.js").Tensor} tensor `[rows, columns]` or `[rows, columns, 1 | 3]`, values in 0..1
 * @returns {Uint32Array} one pixel a place
 */
export function inputPixels({ shape, values }) {
  const channels = shape[2] ?? 1;
  const pixels = new Uint32Array(values.length / channels);
  const byte = (/** @type {number} */ value) => Math.round(Math.min(Math.max(value, 0), 1) * 255);
  for (let i = 0; i < pixels.length; i++) {
    const first = i * channels;
    const rgb = channels === 3 ? [values[first], values[first + 1], values[first + 2]] : Array(3).fill(values[first]);
    pixels[i] = pixel(/** @type {Rgb} */ (rgb.map(byte)));
  }
  return pixels;
}
