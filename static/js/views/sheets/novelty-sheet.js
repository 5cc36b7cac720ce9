/**
 * How unlike the training data the image is: the score beside its threshold, the layers that it is computed from, and how many images of several sets it flags.
 */

import { layerTitle } from "../../lib/network/names.js";
import { formatPercent, formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").NoveltyReading} Novelty
 */

const LEAST_END = 2; // of the bars' common scale, on which 1 is further than 99 of 100 training images

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createNoveltySheet(card, t) {
  const { language } = t;
  const digits = card.input.preprocessing === "digits";
  const verdict = element("h3", { "aria-live": "polite" });
  const score = scoreRow(t("novelty.score"), "novelty-score");
  const layers = element("div");
  /** @type {Map<string, ReturnType<typeof scoreRow>>} */
  const rows = new Map();
  const note = element("p", { class: "sheet-trouble" });
  const sets = card.novelty?.rates ?? [];
  const rates = sets.map(({ name, dataset, flagged, usual }) => {
    const alike = sets.filter((set) => set.name === name).length > 1;
    const title = t(`novelty.set.${name}`) + (alike ? ` (${dataset.split(/[ ,]/)[0]})` : "");
    const share = element("span", { class: "number" }, formatPercent(flagged, language, 1));
    return element("li", usual ? {} : { "data-odd": "" }, element("span", {}, title), share);
  });
  const whole = element(
    "div",
    { class: "novelty" },
    element(
      "div",
      { class: "novelty-words" },
      verdict,
      element("p", {}, t("novelty.meaning")),
      element("p", {}, t(digits ? "novelty.how.digits" : "novelty.how")),
    ),
    element(
      "div",
      { class: "novelty-scores" },
      element("h3", {}, t("novelty.scores")),
      score.element,
      layers,
      element("p", {}, t("novelty.scale")),
      note,
    ),
    element("div", { class: "novelty-rates" }, element("h3", {}, t("novelty.rates")), element("ol", {}, ...rates)),
  );

  /** @type {(name: string, kind?: string) => {element: HTMLElement, update: (value: number, end: number, mark: number) => void}} */
  function scoreRow(name, kind = "") {
    const bar = element("div", { class: "score-bar", "aria-hidden": "true" });
    const number = element("span", { class: "number" });
    return {
      element: element("div", { class: `score ${kind}` }, element("span", {}, name), bar, number),
      update(value, end, mark) {
        bar.style.setProperty("--share", Math.min(value / end, 1).toFixed(4));
        bar.style.setProperty("--mark", (mark / end).toFixed(4));
        bar.toggleAttribute("data-over", value > mark);
        number.textContent = formatValue(value, language, 3);
      },
    };
  }

  /** @type {(name: string) => ReturnType<typeof scoreRow>} */
  function rowOf(name) {
    const row = rows.get(name) ?? scoreRow(name === "input" ? t("novelty.pixels") : layerTitle(name, t));
    if (!rows.has(name)) layers.append(row.element);
    rows.set(name, row);
    return row;
  }

  return {
    element: whole,
    /** @type {(novelty: Novelty | null, varied: boolean) => void} `varied`: some units are off */
    update(novelty, varied) {
      const found = `${novelty?.unusual ? "unusual" : "usual"}${digits ? ".digit" : ""}`;
      verdict.textContent = novelty ? t(`novelty.${found}`) : t("reply.none");
      note.textContent = varied ? t("novelty.varied") : "";
      score.element.hidden = layers.hidden = !novelty;
      if (!novelty) return;
      const end = Math.max(LEAST_END, novelty.score, ...novelty.layers.map((each) => each.score));
      score.update(novelty.score, end, novelty.threshold);
      for (const layer of novelty.layers) rowOf(layer.name).update(layer.score, end, 1);
    },
  };
}
