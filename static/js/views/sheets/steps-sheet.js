/**
 * From picture to network input, step by step: what each made, what it found, and what becomes of the answer without it.
 */

import { isIdle, stepEffect, stepFigures } from "../../lib/network/steps.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").PreprocessingStep} Step
 * @typedef {import("../../lib/api/types.js").Answer} Answer
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/network/steps.js").Other} Other
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 *
 * @typedef {object} StepsContent
 * @property {Answer | null} answer of the picture as it is prepared now, with a picture of every step
 * @property {boolean} fresh
 * @property {string} trouble
 * @property {boolean} empty whether there is no picture
 * @property {string[]} skipped steps that are left out
 * @property {(step: string) => Other | null} otherOf null where it is not known yet
 */

/**
 * @param {ModelCard} card
 * @param {Texts} t
 * @param {(step: string | null) => void} onSwitch one step, or with null every one that is left out
 */
export function createStepsSheet(card, t, onSwitch) {
  const { whole, strip, all, trouble } = build(t, onSwitch);
  const skippable = new Set(card.steps.filter((step) => step.skippable).map(({ name }) => name));
  const labels = card.classes[t.language] ?? card.classes.en;
  const labelOf = (/** @type {string} */ name) => labels[card.classes.en.indexOf(name)] ?? name;
  /** @type {Answer | null} */
  let shown = null;
  /** @type {Map<string, HTMLElement>} by step, where its effect stands */
  let effects = new Map();

  /** @param {Answer} answer */
  function show(answer) {
    const focused = focusedStep(strip);
    const items = answer.input.steps.map((step) => buildStep(step, skippable.has(step.name), t));
    effects = new Map(items.map(({ name, effect }) => [name, effect]));
    strip.replaceChildren(buildPicture(answer, t), ...items.map(({ item }) => item));
    if (focused) /** @type {HTMLElement | null} */ (strip.querySelector(`[data-step="${focused}"]`))?.focus();
  }

  /** @type {(answer: Answer, otherOf: StepsContent["otherOf"]) => void} */
  function showEffects(answer, otherOf) {
    for (const { name, skipped } of answer.input.steps) {
      const place = effects.get(name);
      if (!place || !skippable.has(name)) continue;
      const { words, change } = stepEffect(answer, otherOf(name), { isSkipped: Boolean(skipped), labelOf }, t);
      place.textContent = words;
      place.dataset.change = change;
    }
  }

  return {
    element: whole,
    /** @param {StepsContent} content */
    update({ answer, fresh, trouble: words, empty, skipped, otherOf }) {
      if (answer && answer !== shown) show(answer);
      shown = answer;
      strip.hidden = !answer;
      strip.toggleAttribute("data-old", !fresh);
      all.hidden = !skipped.length;
      trouble.textContent = words || (empty ? t("bench.none") : "");
      if (answer) showEffects(answer, otherOf);
    },
  };
}

/** @param {Texts} t @param {(step: string | null) => void} onSwitch */
function build(t, onSwitch) {
  const strip = element("ol", { class: "bench", "aria-label": t("bench.title") });
  const trouble = element("p", { class: "sheet-trouble", role: "status" });
  const all = element("button", { type: "button", class: "link" }, t("bench.all"));
  const group = { class: "bench-sheet", tabindex: "0", role: "group", "aria-label": t("bench.title") };
  const whole = element("div", group, strip, trouble, all);
  all.addEventListener("click", () => onSwitch(null));
  strip.addEventListener("click", (event) => {
    const step = /** @type {Element} */ (event.target).closest("button")?.dataset.step;
    if (step) onSwitch(step);
  });
  return { whole, strip, all, trouble };
}

/** @type {(strip: HTMLElement) => string | undefined} the step whose switch has the focus */
function focusedStep(strip) {
  const focused = strip.contains(document.activeElement) ? document.activeElement : null;
  return /** @type {HTMLElement | null} */ (focused)?.dataset.step;
}

/** @type {(image: string | undefined) => HTMLElement} */
const pictureOf = (image) =>
  element("span", { class: "bench-picture" }, element("img", { src: image ?? "", alt: "", draggable: "false" }));

/** @type {(answer: Answer, t: Texts) => HTMLElement} the picture that preprocessing begins with */
function buildPicture({ input: { width, height, format, steps } }, t) {
  const facts = t("bench.picture.figures", { width, height, format: format.toUpperCase() });
  const name = element("span", { class: "bench-name" }, t("bench.picture"));
  const words = element("span", { class: "bench-words" }, name, element("span", { class: "bench-figures" }, facts));
  const card = element("div", { class: "bench-card" }, pictureOf(steps[0]?.image), words);
  return element("li", { class: "bench-step" }, card);
}

/** @type {(step: Step, canSkip: boolean, t: Texts) => {name: string, item: HTMLElement, effect: HTMLElement}} */
function buildStep(step, canSkip, t) {
  const { name, skipped, image } = step;
  const effect = element("span", { class: "bench-effect" });
  const head = element("span", { class: "bench-name" }, t(`bench.${name}`));
  if (isIdle(step)) {
    const idle = element("span", { class: "bench-figures" }, t("bench.idle"));
    return { name, item: element("li", { class: "bench-idle" }, head, idle), effect };
  }
  const figures = element("span", { class: "bench-figures" }, skipped ? t("bench.skipped") : stepFigures(step, t));
  const parts = [pictureOf(image), element("span", { class: "bench-words" }, head, figures, effect)];
  const card = canSkip ? buildSwitch(name, Boolean(skipped), t) : element("div", { class: "bench-card" });
  card.append(...parts);
  const item = element("li", { class: "bench-step" }, card);
  item.toggleAttribute("data-skipped", Boolean(skipped));
  return { name, item, effect };
}

/** @type {(name: string, isSkipped: boolean, t: Texts) => HTMLElement} */
function buildSwitch(name, isSkipped, t) {
  return element("button", {
    type: "button",
    role: "switch",
    class: "bench-card bench-switch",
    "aria-checked": String(!isSkipped),
    "data-step": name,
    title: t(isSkipped ? "bench.take" : "bench.skip"),
  });
}
