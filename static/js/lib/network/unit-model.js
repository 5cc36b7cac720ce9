/**
 * One value in words: where it stands, how large it is, and how it lies among the others of its layer and over the test set.
 */

import { formatCount, formatPercent, formatShape, formatValue } from "../screen/format.js";
import { isColourKernel, isTemplate, kernelEnd } from "./kernels.js";
import { layerKind, layerParameters, layerTitle, parameterSum } from "./names.js";
import { shownValues, showsBefore } from "./shown.js";
import { rankOf, summarise } from "./statistics.js";
import { quantilesOf, standing, standingWords } from "./usual.js";

/**
 * @typedef {import("../api/types.js").Kernel} Kernel
 * @typedef {import("../api/types.js").LayerAnswer} LayerAnswer
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").LayerStatistics} LayerStatistics
 * @typedef {import("../api/types.js").Reading} Reading
 * @typedef {import("../api/types.js").Tensor} Tensor
 * @typedef {import("../screen/grid.js").Spot} Spot
 * @typedef {import("../screen/i18n.js").Texts} Texts
 *
 * @typedef {object} Subject what is read
 * @property {LayerCard} layer
 * @property {Spot} spot
 * @property {Kernel | null} kernel where a weight is read and not a value
 * @property {number} output the map whose kernel is read
 *
 * @typedef {object} ReadState
 * @property {Subject} subject
 * @property {Map<string, Reading> | null} readings
 * @property {{before: string[]}} state
 * @property {(layer: LayerCard, isBefore: boolean, channel: number) => number} endOf where the colour scale ends
 * @property {LayerAnswer | null} exact the subject's layer at full precision
 * @property {LayerStatistics | null} [statistics] of the subject's layer over the test set
 *
 * @typedef {{name: string, value: string, side: string, more: string, about: string}} UnitWords
 * @typedef {{end: number, value: number | null}} Scale what the legend shows
 *
 * @typedef {object} UnitModel
 * @property {UnitWords} words
 * @property {{values: Float32Array, end: number, value: number | null, caption: string}} spread all values that it is among
 * @property {Scale} scale
 * @property {Tensor | null} map its whole layer, of which one map is shown; null for a unit or a weight
 */

/**
 * @param {ReadState} read
 * @param {{layers: LayerCard[]}} card
 * @param {Texts} t
 * @returns {UnitModel}
 */
export function unitModel(read, card, t) {
  const { kernel, layer } = read.subject;
  const about = aboutWords(layer, card, t);
  return kernel ? weightModel(read.subject, kernel, about, t) : valueModel(read, about, t);
}

/** @type {(layer: LayerCard, card: {layers: LayerCard[]}, t: Texts) => string} */
function aboutWords(layer, card, t) {
  const sum = parameterSum(layer, card.layers[card.layers.indexOf(layer) - 1], t);
  const parameters = layerParameters(layer, t);
  const shape = formatShape(layer.shape, t.language);
  return [layerKind(layer, t), shape, sum ? `${sum} = ${parameters}` : parameters].join(" · ");
}

/** @type {(subject: Subject, kernel: Kernel, about: string, t: Texts) => UnitModel} */
function weightModel({ layer, spot, output }, kernel, about, t) {
  const [, columns, inputs, outputs] = kernel.shape;
  const [isColour, isAlone] = [isColourKernel(kernel), isTemplate(kernel)];
  const map = isColour || isAlone ? spot.channel : output;
  const first = (spot.row * columns + spot.column) * inputs;
  const read = isColour ? [0, 1, 2] : isAlone ? [0] : [spot.channel];
  const weights = read.map((input) => kernel.values[(first + input) * outputs + map]);
  const place = { row: spot.row, column: spot.column, input: spot.channel };
  const [count, end] = [kernel.values.length, kernelEnd(kernel)];
  return {
    words: {
      name: t(isAlone ? "inspector.template" : "inspector.kernel", { title: layerTitle(layer.name, t), map }),
      value: weights.map((weight) => formatValue(weight, t.language)).join("\u2002"),
      side: t(isColour ? "inspector.weights.colour" : "inspector.weight"),
      more: t(isColour || isAlone ? "inspector.at" : "inspector.slice", place),
      about,
    },
    spread: {
      values: kernel.values,
      end,
      value: weights[0],
      caption: t("spread.weights", { count, number: formatCount(count, t.language) }),
    },
    scale: { end, value: isColour ? null : weights[0] },
    map: null,
  };
}

/** @type {(read: ReadState, about: string, t: Texts) => UnitModel} */
function valueModel(read, about, t) {
  const { subject, readings, state, endOf } = read;
  const { layer, spot } = subject;
  const isBefore = showsBefore(layer, state.before);
  const reading = readings?.get(layer.name) ?? null;
  const shown = shownValues(reading, isBefore);
  const isMap = layer.shape.length === 3;
  const title = layerTitle(layer.name, t);
  const name = t(isMap ? "inspector.map" : "inspector.unit", { title, number: spot.channel });
  const end = endOf(layer, isBefore, spot.channel);
  if (!reading || !shown) {
    return {
      words: { name, about, value: "–", side: "", more: t("inspector.empty") },
      spread: { values: new Float32Array(0), end, value: null, caption: "" },
      scale: { end, value: null },
      map: isMap ? zeros(layer) : null,
    };
  }
  const value = exactValue(read.exact, isBefore, spot) ?? shown.tensor.values[spot.index];
  return {
    words: { name, about, ...valueWords(read, reading, shown.tensor, isBefore, t) },
    spread: spreadOf(read, reading, shown.tensor, value, t),
    scale: { end, value },
    map: isMap ? shown.tensor : null,
  };
}

/** @type {(layer: LayerCard) => Tensor} */
const zeros = ({ shape }) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

/** @type {(read: ReadState, reading: Reading, shown: Tensor, isBefore: boolean, t: Texts) => {value: string, side: string, more: string}} */
function valueWords({ subject: { layer, spot }, exact, statistics }, reading, shown, isBefore, t) {
  const precise = exactValue(exact, isBefore, spot);
  const coarse = shown.values[spot.index];
  const activation = layer.activation ? t(`activation.${layer.activation}`) : "";
  const judged = reading.before
    ? (exactValue(exact, true, spot) ?? reading.before.values[spot.index])
    : (precise ?? coarse);
  const more = [
    otherSide(layer, spot, isBefore, reading, exact, t),
    rankWords(layer, spot, shown, t),
    amongWords(statistics ?? null, spot, judged, t),
  ];
  return {
    value: numberWords(precise, precise ?? coarse, t),
    side: activation && t(isBefore ? "inspector.before" : "inspector.after", { activation }),
    more: more.filter(Boolean).join(" · "),
  };
}

/** @type {(read: ReadState, reading: Reading, shown: Tensor, value: number, t: Texts) => UnitModel["spread"]} before the activation, where there is one */
function spreadOf({ subject: { layer, spot }, exact, endOf }, { before }, shown, value, t) {
  const { values } = before ?? shown;
  const count = values.length;
  return {
    values,
    end: endOf(layer, before !== null, spot.channel),
    value: before ? (exactValue(exact, true, spot) ?? before.values[spot.index]) : value,
    caption: t(before ? "spread.before" : "spread.after", { count, number: formatCount(count, t.language) }),
  };
}

/** @type {(exact: LayerAnswer | null, isBefore: boolean, spot: Spot) => number | undefined} */
const exactValue = (exact, isBefore, spot) =>
  (isBefore ? exact?.pre_activation : exact?.activation)?.values?.[spot.index];

/** @type {(precise: number | undefined, coarse: number, t: Texts) => string} a value that came at 8 bits has two digits */
function numberWords(precise, coarse, t) {
  if (precise !== undefined || coarse === 0) return formatValue(precise ?? coarse, t.language);
  return `≈ ${formatValue(coarse, t.language, 2)}`;
}

/** @type {(layer: LayerCard, spot: Spot, isBefore: boolean, reading: Reading, exact: LayerAnswer | null, t: Texts) => string} */
function otherSide(layer, spot, isBefore, { before, after }, exact, t) {
  const other = isBefore ? after : before;
  if (!layer.activation || !before || !other) return "";
  const value = numberWords(exactValue(exact, !isBefore, spot), other.values[spot.index], t);
  const activation = t(`activation.${layer.activation}`);
  return t(isBefore ? "inspector.after.value" : "inspector.before.value", { activation, value });
}

/** @type {(layer: LayerCard, spot: Spot, tensor: Tensor, t: Texts) => string} its rank among the values of its layer or map */
function rankWords({ shape }, spot, { values }, t) {
  const isMap = shape.length === 3;
  const peers = isMap ? values.filter((_, i) => i % shape[2] === spot.channel) : values;
  const value = values[spot.index];
  if (value === 0) {
    const share = formatPercent(summarise(peers).silent, t.language, 0);
    return t(isMap ? "inspector.silent.map" : "inspector.silent.layer", { share });
  }
  const [rank, number] = [rankOf(peers, value), peers.length].map((count) => formatCount(count, t.language));
  return t(isMap ? "inspector.rank.map" : "inspector.rank.layer", { rank, number });
}

/** @type {(statistics: LayerStatistics | null, spot: Spot, value: number, t: Texts) => string} */
function amongWords(statistics, spot, value, t) {
  if (!statistics) return "";
  const place = standing(statistics.levels, quantilesOf(statistics, spot.channel), value);
  return t("usual.among", { standing: standingWords(place, t) });
}
