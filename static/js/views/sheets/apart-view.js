/**
 * One unit's sum in pictures, bars and a column that adds up; beside it a softmax term by term, and the values over the test set.
 */

import { apartForm, listedTerms, ROOMY_PX, windowSpans } from "../../lib/explain/apart.js";
import { printedSum } from "../../lib/explain/sum.js";
import { layerTitle } from "../../lib/network/names.js";
import { STACKED } from "../../lib/screen/stage.js";
import { element } from "../parts/dom.js";
import { createCandidates } from "./candidates.js";
import { createPlainSum } from "./plain-sum.js";
import { createSoftmaxTable } from "./softmax-table.js";
import { createTermBars } from "./term-bars.js";
import { createUsualRange } from "./usual-range.js";
import { createWeightPictures } from "./weight-pictures.js";
import { createWholeSum } from "./whole-sum.js";

/**
 * @typedef {import("../../lib/api/types.js").Address} Address
 * @typedef {import("../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../lib/explain/apart.js").ApartForm} ApartForm
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 *
 * @typedef {object} ApartContent
 * @property {UnitExplained} explained
 * @property {boolean} leads whether the values that are added up can be pinned
 * @property {boolean} canRecompute
 * @property {() => import("./weight-pictures.js").Arrangement} arrangement how the source's units stand, once this is laid out
 * @property {(index: number) => Address} addressOf where in the source a weight meets its input
 * @property {import("../parts/palette.js").Palette} palette
 *
 * @typedef {object} ApartOptions
 * @property {string[]} labels of the classes
 * @property {(index: number | null) => void} onWeight a weight is read, by its index; null where none is any more
 * @property {(index: number) => void} onPinWeight
 * @property {(address: Address | null) => void} onTerm a term is read, by the address of its input
 * @property {(address: Address) => void} onPinTerm
 * @property {(temperature: number) => void} onTemperature
 * @property {() => void} onRecompute
 */

const GAP_PX = 20;
const [USUAL_PX, SOFTMAX_PX] = [160, 280];
const AROUND_PICTURE_PX = { scale: 16 + 20, high: 16 + 36 }; // a caption above, a scale of one line or two below

/** @param {Texts} t @param {ApartOptions} options */
export function createApartView(t, options) {
  const parts = build(t, options);
  const { whole, pictures, bars, softmax, range } = parts;
  return {
    element: whole,
    /** @returns {string} changes where the room for it does */
    get room() {
      return [whole.clientWidth, whole.clientHeight].join();
    },
    /** @returns {boolean} */
    get showsRange() {
      return !range.element.hidden;
    },
    /** @type {(status: {trouble: string, isEmpty: boolean, isStale: boolean}) => void} */
    setStatus({ trouble, isEmpty, isStale }) {
      parts.trouble.textContent = trouble;
      parts.parts.hidden = isEmpty;
      parts.parts.toggleAttribute("data-stale", isStale);
    },
    /** @param {ApartContent} content */
    show: (content) => paint(parts, t, content),
    /** @type {(shown: import("../../lib/api/types.js").Softmax, unit: number, temperature: number, isStale: boolean) => void} */
    showSoftmax(shown, unit, temperature, isStale) {
      softmax.update(shown, unit, temperature);
      softmax.element.toggleAttribute("data-stale", isStale);
    },
    showRange: range.update,
    /** @type {(index: number | null, address: Address | null) => void} */
    mark(index, address) {
      pictures.mark(index);
      bars.mark(address);
    },
    markWeight: pictures.mark,
    destroy: pictures.destroy,
  };
}

/** @param {Texts} t @param {ApartOptions} options */
function build(t, { labels, onWeight, onPinWeight, onTerm, onPinTerm, onTemperature, onRecompute }) {
  const pictures = createWeightPictures(t, { onSpot: onWeight, onPin: onPinWeight });
  const bars = createTermBars(t, { onTerm, onPin: onPinTerm });
  const sum = createWholeSum(t);
  const plain = createPlainSum(t, onPinTerm);
  const candidates = createCandidates(t);
  const range = createUsualRange(t);
  const softmax = createSoftmaxTable(labels, t, onTemperature);
  const recompute = element("button", { type: "button", class: "text-button" }, t("apart.recompute"));
  recompute.addEventListener("click", onRecompute);
  const looks = element("p", { class: "looks" });
  const column = element("div", { class: "apart-sum" }, sum.element, recompute, looks, softmax.controls);
  const trouble = element("p", { class: "trouble", role: "status" });
  const shown = [pictures, plain, candidates, bars].map((each) => each.element);
  const parts = element("div", { class: "apart" }, ...shown, column, softmax.element, range.element);
  const whole = element("div", { class: "apart-whole" }, parts, trouble);
  return { pictures, bars, sum, plain, candidates, range, softmax, recompute, looks, column, trouble, parts, whole };
}

/** @typedef {ReturnType<typeof build>} Parts */

/** @type {(parts: Parts, t: Texts, content: ApartContent) => void} */
function paint(parts, t, content) {
  const { explained, leads, palette, arrangement, addressOf } = content;
  const stacked = matchMedia(STACKED).matches;
  const form = apartForm(explained, { stacked, width: parts.whole.clientWidth });
  arrange(parts, form);
  parts.recompute.hidden = !content.canRecompute;
  const printed = printedSum(explained, listedTerms({ stacked, height: parts.parts.clientHeight }));
  if (form.plain) parts.plain.update(explained, leads);
  paintCandidates(parts, explained);
  parts.bars.update(explained, printed, leads);
  parts.sum.update(explained, printed);
  parts.looks.textContent = explained.kind === "convolution" ? lookWords(explained, t) : "";
  if (!form.pictures) return;
  const room = roomForPictures(parts, stacked);
  parts.pictures.update({ explained, arrangement: arrangement(), palette, room, addressOf });
}

/** @type {(parts: Parts, form: ApartForm) => void} */
function arrange({ pictures, plain, candidates, bars, column, softmax, parts, range }, form) {
  pictures.element.hidden = !form.pictures;
  plain.element.hidden = !form.plain;
  candidates.element.hidden = !form.candidates;
  bars.element.hidden = column.hidden = !form.sum;
  softmax.element.hidden = softmax.controls.hidden = !form.softmax;
  parts.toggleAttribute("data-softmax", form.softmax);
  parts.toggleAttribute("data-many", form.isMany);
  range.element.hidden = !form.range;
}

/** @type {(parts: Parts, explained: UnitExplained) => void} */
function paintCandidates({ candidates }, { candidates: values, window, supporting }) {
  if (!values || !window) return;
  const { row = 0, column = 0 } = supporting[0];
  candidates.update(values, { row: row - window.row, column: column - window.column });
}

/** @type {(explained: UnitExplained, t: Texts) => string} where a convolution looks */
function lookWords({ window, source }, t) {
  if (!window) return "";
  const { rows, columns, isPadded } = windowSpans(window);
  const span = (/** @type {[number, number]} */ [first, last]) => `${first}\u2009…\u2009${last}`;
  const where = t("apart.window", {
    rows: span(rows),
    columns: span(columns),
    source: layerTitle(source.layer, t),
  });
  return isPadded ? `${where} ${t("apart.padding")}` : where;
}

/** @type {(parts: Parts, stacked: boolean) => import("../../lib/screen/stage.js").Size} for each of the two pictures */
function roomForPictures({ whole, parts, bars, column, range, softmax }, stacked) {
  const width = whole.clientWidth;
  if (stacked) return { width: (width - GAP_PX) / 2, height: width / 2 };
  const columnWidth = Number.parseFloat(getComputedStyle(column).minInlineSize) || column.offsetWidth;
  const others = [bars.element.offsetWidth, columnWidth];
  if (!range.element.hidden) others.push(width < ROOMY_PX ? USUAL_PX : 1.5 * USUAL_PX);
  if (!softmax.element.hidden) others.push(SOFTMAX_PX);
  const taken = others.reduce((total, each) => total + each + GAP_PX, 0);
  return {
    width: Math.floor((width - taken - GAP_PX) / 2),
    height: parts.clientHeight - AROUND_PICTURE_PX[softmax.element.hidden ? "scale" : "high"],
  };
}
