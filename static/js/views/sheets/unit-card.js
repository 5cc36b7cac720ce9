/**
 * One value in words and pictures: where it stands, how large it is, and how it lies among the others.
 */

import { isTemplate, kernelEnd } from "../../lib/network/kernels.js";
import { layerKind, layerParameters, layerTitle, parameterSum } from "../../lib/network/names.js";
import { shownValues, showsBefore } from "../../lib/network/shown.js";
import { rankOf, summarise } from "../../lib/network/statistics.js";
import { quantilesOf, standing, standingWords } from "../../lib/network/usual.js";
import { colourInto } from "../../lib/screen/colormaps.js";
import { formatCount, formatPercent, formatShape, formatValue } from "../../lib/screen/format.js";
import { mapOrder, mapsGrid } from "../../lib/screen/grid.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createSpread } from "./spread.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/api/types.js").LayerAnswer} LayerAnswer
 * @typedef {import("../../lib/api/types.js").Kernel} Kernel
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../parts/palette.js").Palette} Palette
 *
 * @typedef {object} Subject what is read
 * @property {LayerCard} layer
 * @property {Spot} spot
 * @property {Kernel | null} kernel where a weight is read and not a value
 * @property {number} output the map whose kernel is read
 *
 * @typedef {object} CardContent
 * @property {Subject} subject
 * @property {Map<string, Reading> | null} readings
 * @property {{before: string[]}} state
 * @property {(layer: LayerCard, isBefore: boolean, channel: number) => number} endOf where the colour scale ends
 * @property {LayerAnswer | null} exact the subject's layer at full precision
 * @property {Palette} palette
 * @property {import("../../lib/api/types.js").LayerStatistics | null} [statistics] what the test set does in the subject's layer
 *
 * @typedef {{end: number, value: number | null, note: string}} Scale what the legend shows beside it
 */

const THUMB_LINES = 5.25; // its side, in lines of small text

/**
 * @param {import("../../lib/api/types.js").ModelCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createUnitCard(card, t) {
  const { language } = t;
  const count = (/** @type {number} */ number) => formatCount(number, language);
  const name = element("span", { class: "visually-hidden" });
  const [value, side] = [element("span"), element("small")];
  const [more, about] = [element("p", { class: "words-more" }), element("p", { class: "words-about" })];
  const thumb = element("canvas", { class: "thumb", "aria-hidden": "true" });
  const words = element(
    "div",
    { class: "words", "aria-live": "polite", "aria-atomic": "true" },
    name,
    element("p", { class: "words-value" }, value, side),
    more,
    about,
  );
  const spread = createSpread("");

  /** @type {(parts: {name: string, value: string, side: string, more: string, about: string}) => void} */
  function say(parts) {
    name.textContent = parts.name;
    value.textContent = parts.value;
    side.textContent = parts.side;
    more.textContent = parts.more;
    about.textContent = parts.about;
  }

  /** @type {(content: CardContent, kernel: Kernel) => Scale} */
  function showWeight({ subject: { layer, spot, output }, palette }, kernel) {
    const [, columns, inputs, outputs] = kernel.shape;
    const colour = inputs === 3;
    const alone = isTemplate(kernel);
    const map = colour || alone ? spot.channel : output;
    const place = (spot.row * columns + spot.column) * inputs;
    const weights = (colour ? [0, 1, 2] : alone ? [0] : [spot.channel]).map(
      (input) => kernel.values[(place + input) * outputs + map],
    );
    say({
      name: t(alone ? "inspector.template" : "inspector.kernel", { title: layerTitle(layer.name, t), map }),
      value: weights.map((weight) => formatValue(weight, language)).join("\u2002"),
      side: t(colour ? "inspector.weights.colour" : "inspector.weight"),
      more: t(colour || alone ? "inspector.at" : "inspector.slice", {
        row: spot.row,
        column: spot.column,
        input: spot.channel,
      }),
      about: aboutWords(layer),
    });
    thumb.hidden = true;
    const end = kernelEnd(kernel);
    const total = kernel.values.length;
    spread.update(palette, kernel.values, end, weights[0], t("spread.weights", { count: total, number: count(total) }));
    return { end, value: colour ? null : weights[0], note: t("legend.weights") };
  }

  /** @param {CardContent} content @returns {Scale} */
  function showValue({ subject: { layer, spot }, readings, state, endOf, exact, palette, statistics }) {
    const isBefore = showsBefore(layer, state.before);
    const reading = readings?.get(layer.name) ?? null;
    const shown = shownValues(reading, isBefore);
    const maps = layer.shape.length === 3;
    const end = endOf(layer, isBefore, spot.channel);
    const title = layerTitle(layer.name, t);
    const heading = {
      name: t(maps ? "inspector.map" : "inspector.unit", { title, number: spot.channel }),
      about: aboutWords(layer),
    };
    const note = t("legend.fixed");
    thumb.hidden = !maps;
    if (maps) paintThumb(layer, spot, shown?.tensor ?? null, end, palette);
    if (!reading || !shown) {
      say({ ...heading, value: "–", side: "", more: t("inspector.empty") });
      spread.update(palette, new Float32Array(0), end, null, "");
      return { end, value: null, note };
    }
    const number = exactValue(exact, isBefore, spot) ?? shown.tensor.values[spot.index];
    const activation = layer.activation ? t(`activation.${layer.activation}`) : "";
    const all = reading.before ?? shown.tensor;
    const at = reading.before ? (exactValue(exact, true, spot) ?? reading.before.values[spot.index]) : number;
    say({
      ...heading,
      value: valueWords(exactValue(exact, isBefore, spot), number),
      side: activation && t(isBefore ? "inspector.before" : "inspector.after", { activation }),
      more: [
        otherSide(layer, spot, isBefore, reading, exact),
        rankWords(layer, spot, shown.tensor),
        amongWords(statistics ?? null, spot, at),
      ]
        .filter(Boolean)
        .join(" · "),
    });
    const total = all.values.length;
    const caption = t(reading.before ? "spread.before" : "spread.after", { count: total, number: count(total) });
    spread.update(palette, all.values, endOf(layer, reading.before !== null, spot.channel), at, caption);
    return { end, value: number, note };
  }

  /** @type {(exact: LayerAnswer | null, isBefore: boolean, spot: Spot) => number | undefined} */
  const exactValue = (exact, isBefore, spot) =>
    (isBefore ? exact?.pre_activation : exact?.activation)?.values?.[spot.index];

  /** @type {(precise: number | undefined, coarse: number) => string} what came at 8 bits is said to two digits */
  const valueWords = (precise, coarse) => {
    if (precise !== undefined || coarse === 0) return formatValue(precise ?? coarse, language);
    return `≈ ${formatValue(coarse, language, 2)}`;
  };

  /** @param {LayerCard} layer */
  function aboutWords(layer) {
    const sum = parameterSum(layer, card.layers[card.layers.indexOf(layer) - 1], t);
    const parameters = layerParameters(layer, t);
    return [layerKind(layer, t), formatShape(layer.shape, language), sum ? `${sum} = ${parameters}` : parameters].join(
      " · ",
    );
  }

  /** @type {(layer: LayerCard, spot: Spot, isBefore: boolean, reading: Reading, exact: LayerAnswer | null) => string} */
  function otherSide(layer, spot, isBefore, reading, exact) {
    const other = isBefore ? reading.after : reading.before;
    if (!layer.activation || !reading.before || !other) return "";
    const value = valueWords(exactValue(exact, !isBefore, spot), other.values[spot.index]);
    const activation = t(`activation.${layer.activation}`);
    return t(isBefore ? "inspector.after.value" : "inspector.before.value", { activation, value });
  }

  /** @type {(layer: LayerCard, spot: Spot, tensor: Tensor) => string} */
  function rankWords(layer, spot, tensor) {
    const maps = layer.shape.length === 3;
    const channels = layer.shape[2];
    const peers = maps ? tensor.values.filter((_, i) => i % channels === spot.channel) : tensor.values;
    const value = tensor.values[spot.index];
    if (value === 0) {
      const share = formatPercent(summarise(peers).silent, language, 0);
      return t(maps ? "inspector.silent.map" : "inspector.silent.layer", { share });
    }
    const rank = rankOf(peers, value);
    return t(maps ? "inspector.rank.map" : "inspector.rank.layer", { rank: count(rank), number: count(peers.length) });
  }

  /** @type {(statistics: import("../../lib/api/types.js").LayerStatistics | null, spot: Spot, value: number) => string} */
  function amongWords(statistics, spot, value) {
    if (!statistics) return "";
    return t("usual.among", {
      standing: standingWords(standing(statistics.levels, quantilesOf(statistics, spot.channel), value), t),
    });
  }

  /** @type {(layer: LayerCard, spot: Spot, tensor: Tensor | null, end: number, palette: Palette) => void} */
  function paintThumb(layer, spot, tensor, end, palette) {
    const [rows, columns] = layer.shape;
    const pixels = new Uint32Array(rows * columns);
    const values = tensor?.values ?? new Float32Array(layer.shape.reduce((a, b) => a * b, 1));
    colourInto(values, mapOrder(mapsGrid(layer.shape), spot.channel), end, palette.table, pixels);
    const bitmap = element("canvas");
    sizeCanvas(bitmap, columns, rows);
    context2d(bitmap).putImageData(imageOf(pixels, columns, rows), 0, 0);
    const line = Number.parseFloat(getComputedStyle(thumb).getPropertyValue("--line-small")) || 16;
    const large = Math.round(line * THUMB_LINES * devicePixelRatio);
    sizeCanvas(thumb, large, Math.round((large * rows) / columns), devicePixelRatio);
    const context = context2d(thumb);
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap, 0, 0, thumb.width, thumb.height);
    const [stepX, stepY] = [thumb.width / columns, thumb.height / rows];
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.5 * devicePixelRatio;
    context.strokeRect(spot.column * stepX, spot.row * stepY, Math.max(stepX, 4), Math.max(stepY, 4));
  }

  return {
    elements: [thumb, words, spread.element],
    /**
     * @param {CardContent} content
     * @returns {Scale}
     */
    update(content) {
      const { kernel } = content.subject;
      return kernel ? showWeight(content, kernel) : showValue(content);
    },
    /** Forget what a screen reader would be told, while nothing is read. */
    clear: () => say({ name: "", value: "", side: "", more: "", about: "" }),
  };
}
