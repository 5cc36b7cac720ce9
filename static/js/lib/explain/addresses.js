/**
 * The source of a term of a sum: converts its address in an explanation to a place in a layer and to words.
 */

/**
 * @typedef {import("../api/types.js").Address} Address
 * @typedef {import("../api/types.js").Source} Source
 * @typedef {import("../screen/grid.js").Spot} Spot
 */

const COLOURS = ["red", "green", "blue"];

/**
 * @param {Address} address
 * @param {number[]} shape of the layer that it is an address in
 * @returns {Spot}
 */
export function spotOf({ unit, row = 0, column = 0, channel = 0 }, shape) {
  if (unit !== undefined) return { index: unit, channel: unit, row: 0, column: 0 };
  return { index: (row * shape[1] + column) * (shape[2] ?? 1) + channel, channel, row, column };
}

/**
 * @param {number} index in the flat, row-major values of a layer
 * @param {number[]} shape `[units]`, `[rows, columns]` or `[rows, columns, channels]`
 * @returns {Address}
 */
export function addressAt(index, shape) {
  if (shape.length === 1) return { unit: index };
  const channels = shape[2] ?? 1;
  const place = Math.floor(index / channels);
  const pixel = { row: Math.floor(place / shape[1]), column: place % shape[1] };
  return shape.length === 2 ? pixel : { ...pixel, channel: index % channels };
}

/**
 * @param {Spot} spot of a unit that is pinned
 * @param {number[]} shape of its layer
 * @returns {Record<string, string>} as `POST /explain/unit` takes it
 */
export function addressParameters({ row, column, channel }, shape) {
  const address = shape.length === 1 ? { unit: channel } : { row, column, channel };
  return Object.fromEntries(Object.entries(address).map(([axis, place]) => [axis, String(place)]));
}

/**
 * @param {Address} address
 * @param {Source} source
 * @param {import("../screen/i18n.js").Texts} t
 * @returns {string} "unit 7", "(8, 10)", "map 3 (8, 10)", "red (8, 10)"
 */
export function addressWords({ unit, row, column, channel }, source, t) {
  if (unit !== undefined) return t("address.unit", { unit });
  const place = { row: row ?? 0, column: column ?? 0 };
  if (channel === undefined) return t("address.pixel", place);
  return t("address.map", { map: mapWords(channel, source, t), ...place });
}

/**
 * @param {number} channel
 * @param {Source} source
 * @param {import("../screen/i18n.js").Texts} t
 * @returns {string} "map 3", or "red" in a picture in colour
 */
export function mapWords(channel, { layer, shape }, t) {
  const colours = shape[2] === 3 && (layer === "input" || layer === "normalization");
  return colours ? t(`address.${COLOURS[channel]}`) : t("address.channel", { channel });
}

/**
 * @param {Pick<import("../api/types.js").UnitExplanation, "source" | "window" | "weights">} explained
 * @param {number} index of a weight
 * @returns {Address} of the input that it meets; outside the source's shape where that is padding
 */
export function sourceOf({ source, window, weights }, index) {
  if (!window) return addressAt(index, source.shape);
  const {
    row = 0,
    column = 0,
    channel,
  } = addressAt(index, /** @type {import("../api/types.js").JsonTensor} */ (weights).shape);
  return { row: window.row + row, column: window.column + column, channel };
}

/**
 * @param {Pick<import("../api/types.js").UnitExplanation, "source" | "window" | "weights">} explained
 * @param {Address} address in the source
 * @returns {number | null} the place of the weight that meets it; null where none does
 */
export function weightAt({ source, window, weights }, address) {
  if (!window) return spotOf(address, source.shape).index;
  const row = (address.row ?? 0) - window.row;
  const column = (address.column ?? 0) - window.column;
  if (!weights || row < 0 || column < 0 || row >= window.rows || column >= window.columns) return null;
  return spotOf({ row, column, channel: address.channel }, weights.shape).index;
}

/**
 * @param {Address} address
 * @param {number[]} shape
 * @returns {boolean} whether it lies in a layer of that shape, and not in the padding around it
 */
export function isWithin({ row = 0, column = 0 }, shape) {
  return shape.length === 1 || (row >= 0 && column >= 0 && row < shape[0] && column < shape[1]);
}
