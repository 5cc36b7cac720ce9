/**
 * What a visitor has chosen, as one object: what is kept over a reload, and what a stored text may hold.
 */

import { ORDERS } from "../../lib/network/order.js";
import { SCOPES } from "../../lib/network/shown.js";

/**
 * @typedef {object} State
 * @property {string} model
 * @property {"pad" | "picture"} source where the input comes from
 * @property {"whole" | "centre"} fit how a picture becomes a square
 * @property {"brush" | "eraser"} tool
 * @property {number} brush width in pixels of the logical pad
 * @property {string} colour of the brush on a pad with colours
 * @property {"american" | "european"} hand of the examples
 * @property {string[]} before layers shown before their ReLU
 * @property {string[]} kernels layers whose kernels are shown instead of their maps
 * @property {import("../../lib/network/shown.js").Scope} scope of the colour scales
 * @property {import("../../lib/network/order.js").Order} order of units and maps
 * @property {string} sheet the open sheet about the image
 * @property {string} unitSheet the open sheet about a pinned unit
 */

export const BRUSH = { least: 6, most: 40, standard: 18, step: 2 };

/**
 * @param {string} model
 * @returns {State}
 */
export function initialState(model) {
  return {
    model,
    source: "pad",
    fit: "centre",
    tool: "brush",
    brush: BRUSH.standard,
    colour: "#15181d",
    hand: "american",
    before: [],
    kernels: [],
    scope: "fixed",
    order: "place",
    sheet: "layers",
    unitSheet: "apart",
  };
}

/**
 * @param {unknown} stored what was found, of any kind
 * @param {State} fallback
 * @param {string[]} models names that can be chosen
 * @returns {State} every field valid
 */
export function parseState(stored, fallback, models) {
  const from = /** @type {Record<string, any>} */ (typeof stored === "object" && stored ? stored : {});
  /** @type {<T>(value: T, allowed: T[], otherwise: T) => T} */
  const oneOf = (value, allowed, otherwise) => (allowed.includes(value) ? value : otherwise);
  const names = (/** @type {unknown} */ value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string") ? value : [];
  const brush = Number(from.brush);
  return {
    model: oneOf(from.model, models, fallback.model),
    source: oneOf(from.source, ["pad", "picture"], fallback.source),
    fit: oneOf(from.fit, ["whole", "centre"], fallback.fit),
    tool: oneOf(from.tool, ["brush", "eraser"], fallback.tool),
    brush: brush >= BRUSH.least && brush <= BRUSH.most ? brush : fallback.brush,
    colour: /^#[0-9a-f]{6}$/i.test(from.colour) ? from.colour : fallback.colour,
    hand: oneOf(from.hand, ["american", "european"], fallback.hand),
    before: names(from.before),
    kernels: names(from.kernels),
    scope: oneOf(from.scope, SCOPES, fallback.scope),
    order: oneOf(from.order, ORDERS, fallback.order),
    sheet: typeof from.sheet === "string" ? from.sheet : fallback.sheet,
    unitSheet: typeof from.unitSheet === "string" ? from.unitSheet : fallback.unitSheet,
  };
}

/**
 * @param {string[]} names
 * @param {string} name
 * @returns {string[]} without it where it was among them, and else with it
 */
export function toggled(names, name) {
  return names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
}
