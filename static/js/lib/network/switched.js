/**
 * The switched-off units and maps of a network, and the API's parameter for them. All values are immutable.
 */

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").ModelSummary} ModelSummary
 *
 * @typedef {ReadonlyMap<string, readonly number[]>} Off numbers of the units or maps that are off, in order, by layer
 */

/** @type {Off} */
export const NOTHING_OFF = new Map();

/**
 * @param {LayerCard[]} layers of a network, in order
 * @returns {LayerCard[]} those with units or maps of their own: all with weights but the one that answers
 */
export function switchableLayers(layers) {
  return layers.slice(0, -1).filter(({ kind }) => kind === "dense" || kind === "convolution");
}

/** @type {(off: Off, layer: string, unit: number) => boolean} */
export function isOff(off, layer, unit) {
  return off.get(layer)?.includes(unit) ?? false;
}

/** @type {(off: Off) => number} how many there are in all layers */
export function countOff(off) {
  return [...off.values()].reduce((sum, units) => sum + units.length, 0);
}

/** @type {(off: Off, layer: string, units: Iterable<number>) => Off} with just these units of the layer off, and all others as they were */
export function withLayer(off, layer, units) {
  const next = new Map(off);
  const sorted = [...new Set(units)].sort((a, b) => a - b);
  if (sorted.length) next.set(layer, sorted);
  else next.delete(layer);
  return next;
}

/** @type {(off: Off, layer: string, unit: number) => Off} with the unit on where it was off, and off where it was on */
export function withToggled(off, layer, unit) {
  const units = off.get(layer) ?? [];
  return withLayer(off, layer, units.includes(unit) ? units.filter((each) => each !== unit) : [...units, unit]);
}

/** @type {(off: Off) => string} as the API's `off` names them: "hidden_3:7,hidden_3:40"; empty where nothing is off */
export function offWords(off) {
  return [...off].flatMap(([layer, units]) => units.map((unit) => `${layer}:${unit}`)).join();
}

/**
 * @template {import("../api/api.js").Question} Asked
 * @param {Asked} question
 * @returns {Asked} of the same image, prepared in the same way, with nothing switched off
 */
export function withAllOn(question) {
  const { off, ...experiment } = question.experiment ?? {};
  return { ...question, experiment };
}

/**
 * One network's question as another is asked it, so that both answer under the same conditions as far as they have them in common.
 * @template {import("../api/api.js").Question} Asked
 * @param {Asked} question
 * @param {Pick<ModelSummary, "input">} one that was asked it
 * @param {Pick<ModelSummary, "name" | "input">} other
 * @returns {Asked} units that are off in the one are none of the other's; steps are left out where both prepare an image in the same way
 */
export function askedOf(question, one, other) {
  if (question.model === other.name) return question;
  const { experiment } = withAllOn(question);
  const alike = one.input.preprocessing === other.input.preprocessing;
  return { ...question, model: other.name, experiment: alike ? experiment : {} };
}

/**
 * @param {number} count of the units there are
 * @param {number} wanted
 * @param {() => number} random in 0..1, without 1
 * @returns {number[]} different ones, each as likely as any other
 */
export function randomUnits(count, wanted, random = Math.random) {
  const units = [...Array(count).keys()];
  for (let i = 0; i < Math.min(wanted, count); i++) {
    const j = i + Math.floor(random() * (count - i));
    [units[i], units[j]] = [units[j], units[i]];
  }
  return units.slice(0, wanted);
}

/**
 * @param {Float32Array} contributions of each unit to a score
 * @param {number} wanted
 * @returns {number[]} the units that add most to it, the largest first; none that adds nothing or takes away
 */
export function strongest(contributions, wanted) {
  const units = [...contributions.keys()].filter((unit) => contributions[unit] > 0);
  return units.sort((a, b) => contributions[b] - contributions[a] || a - b).slice(0, wanted);
}
