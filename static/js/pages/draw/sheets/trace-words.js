/**
 * A trace in words and printed numbers: its columns, and the network as one weighted sum.
 */

import { affineSum, channelValues, columnOf, decimalsFor, sumOfChannels } from "../../../lib/explain/trace.js";
import { layerTitle } from "../../../lib/network/names.js";
import { formatCount, formatDecimals, formatValue } from "../../../lib/screen/format.js";

/**
 * @typedef {import("../../../lib/api/types.js").TraceExplanation} TraceExplained
 * @typedef {import("../../../lib/explain/trace.js").Spot} Spot
 * @typedef {import("../../../views/sheets/trace-list.js").ColumnWords} ColumnWords
 * @typedef {import("../../../views/sheets/affine-pictures.js").Plane} Plane
 * @typedef {import("../../../views/sheets/affine-pictures.js").Line} Line
 */

/**
 * @param {import("../../../lib/api/types.js").NetworkCard} card
 * @param {import("../../../lib/screen/i18n.js").Texts} t
 */
export function createTraceWords(card, t) {
  const { language } = t;
  const labels = card.classes[language] ?? card.classes.en;
  const input = card.layers[0].name;
  const output = card.layers.at(-1)?.name;
  const images = [input, ...card.layers.filter(({ kind }) => kind === "normalization").map(({ name }) => name)];

  /** @type {(trace: TraceExplained) => (value: number) => string} a term of the trace's sums, as they all are printed */
  const termsOf =
    ({ logit }) =>
    (value) =>
      formatDecimals(value, language, decimalsFor(logit), true);

  /** @type {(trace: TraceExplained) => Line} what stands below every line */
  const totalOf = (trace) => ({
    name: t(trace.against === null ? "why.sum" : "why.sum.difference"),
    printed: termsOf(trace)(trace.logit),
  });

  /** @type {(layer: string, shape: number[], spot: Spot) => string} where in its layer a value stands */
  function placeWords(layer, shape, { channel, row, column }) {
    if (layer === output) return labels[channel];
    if (shape.length === 1) return String(channel);
    const at = `${row}, ${column}`;
    if (!images.includes(layer)) return `${channel} · ${at}`;
    return shape[2] === 3 ? `${t(`why.channel.${channel}`)} ${at}` : at;
  }

  /** @type {(layer: string, shape: number[]) => string} what `placeWords` names there */
  function placeKind(layer, shape) {
    if (layer === output) return t("why.class");
    if (images.includes(layer)) return t("why.pixel");
    return t(shape.length === 1 ? "why.unit" : "why.map");
  }

  /** @type {(rest: {count: number, printed: number}, bias: number, term: (value: number) => string) => Line[]} */
  const othersOf = (rest, bias, term) => [
    { name: t("why.others", { number: formatCount(rest.count, language) }), printed: term(rest.printed) },
    { name: t("why.biases"), printed: term(bias) },
  ];

  return {
    /** @type {(trace: TraceExplained) => string} */
    logit: (trace) => termsOf(trace)(trace.logit),
    /** @type {(trace: TraceExplained, most: number) => ColumnWords[]} a column a level, of so many entries at most */
    columns(trace, most) {
      const [term, sum] = [termsOf(trace), totalOf(trace)];
      return trace.levels.map((level) => {
        const { layer, shape, entries, rest, bias } = columnOf(level, trace.logit, most);
        const largest = Math.max(...entries.map(({ value }) => Math.abs(value)));
        return {
          title: layer === input ? t("why.pixels") : layerTitle(layer, t),
          bare: layer === output,
          heads: [placeKind(layer, shape), t("why.value"), t("why.adds")],
          entries: entries.map(({ spot, activation, value, printed }) => ({
            place: { layer, spot },
            name: placeWords(layer, shape, spot),
            activation: formatValue(activation, language),
            printed: term(printed),
            share: value / largest,
          })),
          others: layer === output ? [] : othersOf(rest, bias, term),
          sum,
        };
      });
    },
    /** @type {(trace: TraceExplained) => Plane[]} the weights, of each colour apart, and what every pixel adds, its colours summed */
    planes(trace) {
      const { weights, products } = trace.affine;
      const channels = weights.shape[2] ?? 1;
      const term = termsOf(trace);
      const isColour = channels > 1;
      const colours = [...Array(channels).keys()].map((channel) => ({
        title: isColour ? t("why.weights.channel", { channel: t(`why.channel.${channel}`) }) : t("why.weights"),
        values: channelValues(weights.values, channel, channels),
      }));
      const added = { title: t("why.products"), values: sumOfChannels(products.values, channels) };
      const size = { rows: weights.shape[0], columns: weights.shape[1] };
      return [
        ...colours.map((each) => planeOf({ ...each, ...size, term, isSum: false }, t)),
        planeOf({ ...added, ...size, term, isSum: isColour }, t),
      ];
    },
    /** @type {(trace: TraceExplained) => {lines: Line[], sum: Line}} what the pixels and the biases of each layer add */
    affine(trace) {
      const { pixels, biases } = affineSum(trace);
      const term = termsOf(trace);
      const ofLayers = biases.toReversed().map(({ layer, printed }) => ({
        name: t("why.biases.of", { layer: layerTitle(layer, t) }),
        printed: term(printed),
      }));
      return { lines: [{ name: t("why.pixels.sum"), printed: term(pixels) }, ...ofLayers], sum: totalOf(trace) };
    },
  };
}

/** @type {(plane: {title: string, rows: number, columns: number, values: number[], term: (value: number) => string, isSum: boolean}, t: import("../../../lib/screen/i18n.js").Texts) => Plane} `isSum`: of a pixel's colours */
function planeOf({ title, rows, columns, values, term, isSum }, t) {
  const end = formatValue(Math.max(...values.map(Math.abs)), t.language, 3);
  return {
    title,
    rows,
    columns,
    values,
    scale: isSum ? t("why.scale.colour", { end }) : t("why.scale", { end }),
    readAt: (row, column) => t("why.pixel.read", { row, column, value: term(values[row * columns + column]) }),
  };
}
