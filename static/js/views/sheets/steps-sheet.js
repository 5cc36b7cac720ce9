/**
 * From picture to network input, step by step: what each made, what it found, and what becomes of the answer without it.
 */

import { formatPercent, formatPoints } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").Step} Step
 * @typedef {import("../../lib/api/types.js").Answer} Answer
 *
 * @typedef {{answer: Answer | null, words: string}} Other the answer with this one step switched; or why there is none
 *
 * @typedef {object} StepsContent
 * @property {Answer | null} answer of the picture as it is prepared now, with a picture of every step
 * @property {boolean} fresh
 * @property {string} trouble
 * @property {boolean} empty whether there is no picture
 * @property {string[]} skipped steps that are left out
 * @property {(step: string) => Other | null} otherOf null where it is not known yet
 */

/** @type {(step: Pick<Step, "name" | "applied" | "skipped">) => boolean} whether it had nothing to do; to keep MNIST's form is to do much */
export const isIdle = ({ name, applied, skipped }) => !applied && !skipped && name !== "mnist_form";

/**
 * @param {import("../../lib/api/types.js").ModelCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(step: string | null) => void} onSwitch one step, or with null every one that is left out
 */
export function createStepsSheet(card, t, onSwitch) {
  const { language } = t;
  const strip = element("ol", { class: "bench", "aria-label": t("bench.title") });
  const trouble = element("p", { class: "sheet-trouble", role: "status" });
  const whole = element(
    "div",
    { class: "bench-sheet", tabindex: "0", role: "group", "aria-label": t("bench.title") },
    strip,
    trouble,
  );
  const skippable = new Set(card.steps.filter((step) => step.skippable).map(({ name }) => name));
  const labelOf = (/** @type {string} */ name) =>
    (card.classes[language] ?? card.classes.en)[card.classes.en.indexOf(name)] ?? name;
  const all = element("button", { type: "button", class: "link" }, t("bench.all"));
  all.addEventListener("click", () => onSwitch(null));
  whole.append(all);
  /** @type {Answer | null} */
  let shown = null;
  /** @type {Map<string, {effect: HTMLElement}>} */
  let places = new Map();

  strip.addEventListener("click", (event) => {
    const step = /** @type {Element} */ (event.target).closest("button")?.dataset.step;
    if (step) onSwitch(step);
  });

  /** @type {(parameters: Record<string, number>, name: string) => string} */
  function figures(parameters, name) {
    if (!t.has(`bench.${name}.figures`)) return "";
    const digits = (/** @type {number} */ value) => ({
      maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0,
      useGrouping: false,
    });
    const words = t(
      `bench.${name}.figures`,
      Object.fromEntries(
        Object.entries(parameters).map(([key, value]) => [key, value.toLocaleString(language, digits(value))]),
      ),
    );
    return words.includes("{") ? "" : words; // a step may find other numbers another time
  }

  /** @type {(image: string | undefined) => HTMLElement} */
  const pictureOf = (image) =>
    element("span", { class: "bench-picture" }, element("img", { src: image ?? "", alt: "", draggable: "false" }));

  /** @type {(step: Step) => HTMLElement} */
  function cardOf({ name, applied, parameters, skipped, image }) {
    const idle = isIdle({ name, applied, skipped });
    const title = t(`bench.${name}`);
    const effect = element("span", { class: "bench-effect" });
    places.set(name, { effect });
    const head = element("span", { class: "bench-name" }, title);
    if (idle)
      return element("li", { class: "bench-idle" }, head, element("span", { class: "bench-figures" }, t("bench.idle")));
    const told = element("span", { class: "bench-figures" }, skipped ? t("bench.skipped") : figures(parameters, name));
    const parts = [pictureOf(image), element("span", { class: "bench-words" }, head, told, effect)];
    const item = element(
      "li",
      { class: "bench-step" },
      skippable.has(name)
        ? element(
            "button",
            {
              type: "button",
              role: "switch",
              class: "bench-card bench-switch",
              "aria-checked": String(!skipped),
              "data-step": name,
              title: t(skipped ? "bench.take" : "bench.skip"),
            },
            ...parts,
          )
        : element("div", { class: "bench-card" }, ...parts),
    );
    item.toggleAttribute("data-skipped", Boolean(skipped));
    return item;
  }

  /** @param {Answer} answer */
  function show({ input }) {
    const [first] = input.steps;
    const facts = t("bench.picture.figures", {
      width: input.width,
      height: input.height,
      format: input.format.toUpperCase(),
    });
    const words = [
      element("span", { class: "bench-name" }, t("bench.picture")),
      element("span", { class: "bench-figures" }, facts),
    ];
    const begin = element(
      "li",
      { class: "bench-step" },
      element(
        "div",
        { class: "bench-card" },
        pictureOf(first?.image),
        element("span", { class: "bench-words" }, ...words),
      ),
    );
    const focused = /** @type {HTMLElement | null} */ (
      strip.contains(document.activeElement) ? document.activeElement : null
    )?.dataset.step;
    places = new Map();
    strip.replaceChildren(begin, ...input.steps.map(cardOf));
    if (focused) /** @type {HTMLElement | null} */ (strip.querySelector(`[data-step="${focused}"]`))?.focus();
  }

  /** @type {(answer: Answer, other: Other | null, skipped: boolean) => {words: string, change: string}} */
  function effectOf(answer, other, skipped) {
    if (!other) return { words: "\u00a0", change: "" };
    if (!other.answer) return { words: other.words, change: "" };
    const to = other.answer.probabilities.find(({ label }) => label === answer.label)?.probability ?? 0;
    const change = to - answer.probability;
    const values = {
      label: labelOf(answer.label),
      points: formatPoints(change, language),
      other: labelOf(other.answer.label),
      share: formatPercent(other.answer.probability, language, 0),
    };
    const reads = other.answer.label !== answer.label;
    const kind = Math.abs(change) < 0.0005 ? "" : change > 0 ? "more" : "less";
    const key = `bench.${skipped ? "with" : "without"}${reads ? ".reads" : ""}`;
    return { words: t(key, values), change: kind };
  }

  return {
    element: whole,
    /** @param {StepsContent} content */
    update({ answer, fresh, trouble: said, empty, skipped, otherOf }) {
      if (answer && answer !== shown) show(answer);
      shown = answer;
      strip.hidden = !answer;
      strip.toggleAttribute("data-old", !fresh);
      all.hidden = !skipped.length;
      trouble.textContent = said || (empty ? t("bench.none") : "");
      if (!answer) return;
      for (const { name, skipped: skippedNow } of answer.input.steps) {
        const place = places.get(name);
        if (!place || !skippable.has(name)) continue;
        const { words, change } = effectOf(answer, otherOf(name), Boolean(skippedNow));
        place.effect.textContent = words;
        place.effect.dataset.change = change;
      }
    },
  };
}
