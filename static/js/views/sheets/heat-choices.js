/**
 * The options of the heat-maps: score, window, opacity, all classes at once, gradients in the layers.
 */

import { formatPercent } from "../../lib/screen/format.js";
import { createNamedSelect } from "../parts/choices.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {object} HeatChoices
 * @property {"logit" | "probability"} of the score that is explained
 * @property {number} window side of the square that covers the image, in pixels of the network's input
 * @property {number} opacity of what lies over the image, in 0..1
 * @property {boolean} all whether every class is shown
 * @property {boolean} layers whether the layers show gradients
 */

/** @type {(label: string, range: {min: string, max: string, step: string}, onInput: (value: number) => void) => {element: HTMLElement, say: (value: number, words: string) => void}} */
function createSlider(label, range, onInput) {
  const input = element("input", { type: "range", ...range });
  const words = element("output", {});
  input.addEventListener("input", () => onInput(Number(input.value)));
  return {
    element: element("label", { class: "heat-slider" }, element("span", {}, label), input, words),
    say(value, said) {
      input.value = String(value);
      words.textContent = said;
    },
  };
}

/** @type {(label: string, onChange: (checked: boolean) => void) => {element: HTMLElement, input: HTMLInputElement}} */
function createCheck(label, onChange) {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => onChange(input.checked));
  return { element: element("label", { class: "heat-check" }, input, element("span", {}, label)), input };
}

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(next: Partial<HeatChoices>) => void} onChange
 */
export function createHeatChoices(t, onChange) {
  const subject = element("p", { class: "heat-subject", title: t("heat.choose") });
  const of = createNamedSelect(
    t("heat.score"),
    ["logit", "probability"].map((each) => [each, t(`heat.${each}`)]),
    (chosen) => {
      onChange({ of: /** @type {HeatChoices["of"]} */ (chosen) });
    },
  );
  const window = createSlider(t("heat.window"), { min: "2", max: "10", step: "1" }, (value) =>
    onChange({ window: value }),
  );
  const opacity = createSlider(t("heat.opacity"), { min: "0", max: "1", step: "0.05" }, (value) =>
    onChange({ opacity: value }),
  );
  const all = createCheck(t("heat.all"), (checked) => onChange({ all: checked }));
  const layers = createCheck(t("heat.layers"), (checked) => onChange({ layers: checked }));
  const note = element("p", { class: "heat-note", role: "status" });

  return {
    element: element(
      "div",
      { class: "heat-choices" },
      subject,
      of.element,
      all.element,
      layers.element,
      window.element,
      opacity.element,
      note,
    ),
    /** @param {HeatChoices} choices
     *  @param {{subject: string, note: string}} words */
    update(choices, words) {
      subject.textContent = words.subject;
      if (note.textContent !== words.note) note.textContent = words.note;
      of.update(choices.of);
      window.say(choices.window, t("heat.window.size", { side: choices.window }));
      opacity.say(choices.opacity, formatPercent(choices.opacity, t.language, 0));
      all.input.checked = choices.all;
      layers.input.checked = choices.layers;
      window.element.hidden = opacity.element.hidden = choices.all;
    },
  };
}
