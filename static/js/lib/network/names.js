/**
 * From a layer's name and card to the words that a person reads.
 */

import { formatCount, formatPercent, formatShape, formatValue } from "../screen/format.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../screen/i18n.js").Texts} Texts
 */

/**
 * @param {string} name such as `hidden_1`
 * @param {Texts} t
 * @returns {string} such as "Hidden layer 1"; a name without words of ours stays as it is
 */
export function layerTitle(name, t) {
  const [, base, number] = /^([a-z_]+?)(?:_(\d+))?$/.exec(name) ?? [];
  const key = `layer.name.${base}`;
  if (!t.has(key)) return name;
  return number ? `${t(key)} ${number}` : t(key);
}

/**
 * @param {string} name such as `hidden_1`
 * @param {Texts} t
 * @returns {string} such as "Hidden 1", where there is little room; the title where there is no shorter one
 */
export function shortTitle(name, t) {
  const [, base, number] = /^([a-z_]+?)(?:_(\d+))?$/.exec(name) ?? [];
  const key = `layer.short.${base}`;
  if (!t.has(key)) return layerTitle(name, t);
  return number ? `${t(key)} ${number}` : t(key);
}

/**
 * @param {string[]} words
 * @returns {string[]} two letters for each: the first two, or where others begin alike the first and one that tells them apart
 */
export function abbreviate(words) {
  return words.map((word) => {
    const alike = words.filter((other) => other !== word && other.slice(0, 2) === word.slice(0, 2));
    const second = [...word]
      .slice(alike.length ? 2 : 1)
      .find((letter) => alike.every((other) => !other.slice(1).includes(letter)));
    return word.charAt(0) + (second ?? word.charAt(1));
  });
}

/**
 * @param {LayerCard} layer
 * @param {Texts} t
 * @returns {string} what it is and how large: "dense · 512", "32 × 32 × 32"
 */
export function layerShape(layer, t) {
  const shape = formatShape(layer.shape, t.language);
  return layer.shape.length === 1 && layer.kind === "dense" ? `${t("kind.dense")} · ${shape}` : shape;
}

/**
 * @param {LayerCard} layer
 * @param {Texts} t
 * @returns {string} "401 920 parameters", "no parameters"
 */
export function layerParameters(layer, t) {
  if (layer.parameters === 0) return t("layer.parameters.none");
  return t("layer.parameters", { count: layer.parameters, number: formatCount(layer.parameters, t.language) });
}

/**
 * @param {LayerCard} layer
 * @param {Texts} t
 * @returns {string} the same where there is little room
 */
export function shortParameters(layer, t) {
  return t("layer.parameters.short", { number: formatCount(layer.parameters, t.language) });
}

/**
 * @param {LayerCard} layer
 * @param {Texts} t
 * @returns {string} the kind with its options: "convolution 3 × 3", "dropout 20%"
 */
export function layerKind(layer, t) {
  const { kernel_size: kernel, pool_size: pool, rate } = layer.options ?? {};
  const kind = t(`kind.${layer.kind}`);
  if (kernel) return `${kind} ${formatShape(kernel, t.language)}`;
  if (pool) return `${kind} ${formatShape(pool, t.language)}`;
  if (rate !== undefined) return `${kind} ${formatPercent(rate, t.language, 0)}`;
  return kind;
}

/**
 * @param {LayerCard} layer
 * @param {LayerCard | undefined} input the layer before it
 * @param {Texts} t
 * @returns {string} how the parameter count comes about: "784 × 512 + 512 = 401 920"; empty where there are none
 */
export function parameterSum(layer, input, t) {
  if (!layer.parameters || !input) return "";
  const units = /** @type {number} */ (layer.shape.at(-1));
  const count = (/** @type {number} */ n) => formatCount(n, t.language);
  const inputs = layer.kind === "convolution" ? (input.shape.at(-1) ?? 1) : input.shape.reduce((a, b) => a * b, 1);
  const factors = [...(layer.options.kernel_size ?? []), inputs, units];
  if (factors.reduce((a, b) => a * b, 1) + units !== layer.parameters) return "";
  return `${factors.map(count).join(" × ")} + ${count(units)}`;
}

/**
 * @param {{accuracy: number | null, loss: number}} card
 * @param {Texts} t
 * @returns {string} what a network is worth on its test set: "98.4%", or "error 0.0382" where it does not classify
 */
export function worthWords({ accuracy, loss }, t) {
  if (accuracy !== null) return formatPercent(accuracy, t.language, 1);
  return t("inspector.error", { error: formatValue(loss, t.language, 3) });
}

/**
 * @param {import("../api/types.js").Range | null} range
 * @param {Texts} t
 * @param {number} digits significant ones
 * @returns {string} "0 … 4.31" (with thin spaces), or that every value is the same
 */
export function rangeWords(range, t, digits = 3) {
  if (!range) return "";
  if (range.min === range.max) return t("range.constant", { value: formatValue(range.min, t.language, digits) });
  return `${formatValue(range.min, t.language, digits)}\u2009…\u2009${formatValue(range.max, t.language, digits)}`;
}
