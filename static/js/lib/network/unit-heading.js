/**
 * What the inspector calls a unit, a value of a map or a weight, and the one line about the value under the pointer.
 */

import { formatValue } from "../screen/format.js";
import { isTemplate } from "./kernels.js";
import { layerTitle } from "./names.js";
import { drawnPicture } from "./networks.js";
import { shownValues, showsBefore } from "./shown.js";

/**
 * @typedef {import("../api/types.js").NetworkCard} ModelCard
 * @typedef {import("../screen/i18n.js").Texts} Texts
 * @typedef {import("./unit-model.js").Subject} Subject
 * @typedef {{title: string, facts: string[]}} Heading
 */

/**
 * @param {Subject} subject
 * @param {ModelCard} card
 * @param {Texts} t
 * @returns {Heading}
 */
export function unitHeading({ layer, spot, kernel, output }, card, t) {
  const title = layerTitle(layer.name, t);
  const number = spot.channel;
  const at = [t("inspector.at", { row: spot.row, column: spot.column })];
  if (kernel && isTemplate(kernel)) return { title: t("inspector.template", { title, map: number }), facts: at };
  if (kernel) return { title: t("inspector.kernel", { title, map: output }), facts: [] };
  if (layer.shape.length === 3) return { title: t("inspector.map", { title, number }), facts: at };
  return { title: t("inspector.unit", { title, number }), facts: [unitFact(layer, number, card, t)] };
}

/** @type {(layer: import("../api/types.js").LayerDescription, unit: number, card: ModelCard, t: Texts) => string} its pixel, its class, or else its layer */
function unitFact(layer, unit, card, t) {
  const picture = drawnPicture(card);
  if (layer === picture?.layer) {
    return t("inspector.at", { row: Math.floor(unit / picture.columns), column: unit % picture.columns });
  }
  const label = layer === card.layers.at(-1) ? card.classes[t.language]?.[unit] : undefined;
  return label ? t("inspector.class", { label }) : layer.name;
}

/**
 * @param {Subject} subject
 * @param {Pick<import("./unit-model.js").ReadState, "readings" | "state" | "exact">} read
 * @param {{values: Float32Array, name: string} | null} lens what the layer shows instead of its values
 * @param {ModelCard} card
 * @param {Texts} t
 * @returns {string} empty for a weight
 */
export function readoutWords(subject, { readings, state, exact }, lens, card, t) {
  const { layer, spot, kernel } = subject;
  if (kernel) return "";
  const { title, facts } = unitHeading(subject, card, t);
  const name = `${title}, ${facts.join(" ")}`;
  if (lens) return `${name}: ${lens.name} ${formatValue(lens.values[spot.index], t.language)}`;
  const isBefore = showsBefore(layer, state.before);
  const coarse = shownValues(readings?.get(layer.name) ?? null, isBefore)?.tensor.values[spot.index];
  const side = isBefore ? exact?.pre_activation : exact?.activation;
  const precise = exact?.name === layer.name ? side?.values?.[spot.index] : undefined;
  const number = precise ?? coarse;
  if (number === undefined) return `${name}: –`;
  return `${name}: ${formatValue(number, t.language, precise === undefined ? 2 : 4)}`; // 8 bits are two digits
}
