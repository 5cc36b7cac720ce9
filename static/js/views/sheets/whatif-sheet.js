/**
 * The network without some of its units: which, some quick ways to choose them, and what becomes of the answer and the accuracy.
 */

import { layerTitle } from "../../lib/network/names.js";
import { countOff } from "../../lib/network/switched.js";
import { formatCount, formatPercent } from "../../lib/screen/format.js";
import { createNamedSelect } from "../parts/choices.js";
import { element } from "../parts/dom.js";
import { createDifferenceBars } from "./difference-bars.js";
import { createOffList } from "./off-list.js";

/**
 * @typedef {import("../../lib/api/types.js").AblationAnswer} AccuracyMeasured
 * @typedef {"strongest" | "random"} Choice which units are switched off
 *
 * @typedef {object} WhatIfContent
 * @property {import("../../lib/network/switched.js").Off} off
 * @property {string} layer that the quick ways choose from
 * @property {string} label of the class that units speak for
 * @property {number[] | null} before probabilities of the very same image with all units on
 * @property {number[] | null} now
 * @property {boolean} pending whether `now` is not yet of what is off
 * @property {string} trouble
 * @property {AccuracyMeasured | null} accuracy of the network as it is
 * @property {boolean} measuring
 */

const COUNTS = [1, 5, 20, 100];

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/api/types.js").LayerDescription[]} layers those with units that can be switched off
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {object} events
 * @param {(layer: string, unit: number) => void} events.onSwitch
 * @param {() => void} events.onAll
 * @param {(layer: string) => void} events.onLayer
 * @param {(choice: Choice, count: number) => void} events.onChoose
 * @param {() => void} events.onMeasure
 */
export function createWhatIfSheet(card, layers, t, { onSwitch, onAll, onLayer, onChoose, onMeasure }) {
  const list = createOffList(t, { onSwitch, onAll });
  const layer = createNamedSelect(
    t("whatif.layer"),
    layers.map(({ name }) => [name, layerTitle(name, t)]),
    onLayer,
  );

  const [strongest, random] = [
    createQuickWay((count) => onChoose("strongest", count)),
    createQuickWay((count) => onChoose("random", count)),
  ];

  const measure = element("button", { type: "button", class: "control small" });
  measure.addEventListener("click", onMeasure);
  const accuracy = element("p", { class: "accuracy", "aria-live": "polite" });
  const about = element("p", {}, t("whatif.no-gallery"));
  const quick = element(
    "div",
    { class: "quick-ways" },
    element("h3", {}, t("whatif.quick")),
    layer.element,
    strongest.element,
    random.element,
    element("div", { class: "measured" }, accuracy, card.gallery ? measure : about),
  );
  const difference = createDifferenceBars(card.classes[t.language] ?? card.classes.en, t);
  const trouble = element("p", { class: "sheet-trouble", role: "status" });
  const whole = element(
    "div",
    { class: "whatif" },
    list.element,
    quick,
    element("div", { class: "whatif-bars" }, difference.element, trouble),
  );

  /** @type {AccuracyMeasured | null} */
  let shownAccuracy = null;

  return {
    element: whole,
    /** @param {WhatIfContent} content */
    update({ off, layer: chosen, label, before, now, pending, trouble: words, accuracy: measured, measuring }) {
      list.update(off, countOff(off));
      layer.update(chosen);
      const units = layers.find(({ name }) => name === chosen)?.shape.at(-1) ?? 0;
      strongest.update(t("whatif.strongest", { label }), units);
      random.update(t("whatif.random"), units);
      difference.update(before, now);
      difference.element.toggleAttribute("data-old", pending && now !== null);
      trouble.textContent = words;
      measure.textContent = t(measuring ? "whatif.measuring" : "whatif.measure");
      measure.setAttribute("aria-disabled", String(measuring || !off.size));
      measure.hidden = measured !== null;
      if (measured !== shownAccuracy) accuracy.replaceChildren(...(measured ? accuracyWords(measured, t) : []));
      shownAccuracy = measured;
    },
  };
}

/** @param {(count: number) => void} onChoose */
function createQuickWay(onChoose) {
  const name = element("span");
  const buttons = COUNTS.map((count) => {
    const button = element("button", { type: "button", class: "control small" }, String(count));
    button.addEventListener("click", () => onChoose(count));
    return button;
  });
  const group = element(
    "div",
    { class: "quick", role: "group" },
    name,
    element("div", { class: "joined" }, ...buttons),
  );
  return {
    element: group,
    /** @type {(words: string, units: number) => void} `units`: how many there are to choose from */
    update(words, units) {
      for (const [i, button] of buttons.entries()) button.hidden = COUNTS[i] >= units;
      if (name.textContent === words) return;
      name.textContent = words;
      group.setAttribute("aria-label", words);
    },
  };
}

/** @type {(measured: AccuracyMeasured, t: import("../../lib/screen/i18n.js").Texts) => Node[]} */
function accuracyWords({ examples, whole: all, without, lost, gained }, t) {
  const share = (/** @type {number} */ number) => formatPercent(number, t.language, 1);
  const { low, high } = without.interval;
  return [
    element("strong", {}, share(without.accuracy)),
    ` ${t("whatif.interval", { low: share(low), high: share(high) })}`,
    element("br"),
    t("whatif.whole", { share: share(all.accuracy), number: formatCount(examples, t.language), count: examples }),
    element("br"),
    t("whatif.lost", { lost: formatCount(lost, t.language), gained: formatCount(gained, t.language) }),
  ].map((each) => (typeof each === "string" ? document.createTextNode(each) : each));
}
