/**
 * A softmax term by term: from each logit its exponential, their sum, and the probabilities; at another temperature as an experiment.
 */

import { SLIDER, temperatureAt } from "../../lib/explain/temperature.js";
import { formatDecimals, formatPercent, formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @param {string[]} labels of the classes, in their order
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(temperature: number) => void} onTemperature
 */
export function createSoftmaxTable(labels, t, onTemperature) {
  const { language } = t;
  const head = element("tr");
  const body = element("tbody");
  const foot = element("tr");
  const slider = element("input", {
    type: "range",
    min: String(SLIDER.min),
    max: String(SLIDER.max),
    step: "1",
    "aria-label": t("softmax.temperature"),
  });
  slider.value = "0";
  const said = element("output");
  const reset = element("button", { type: "button", class: "text-button" }, t("softmax.reset"));
  const experiment = element("span");
  const table = element(
    "table",
    {},
    element("caption", { class: "visually-hidden" }, t("softmax.title")),
    element("thead", {}, head),
    body,
    element("tfoot", {}, foot),
  );
  const whole = element("div", { class: "softmax" }, table);
  const line = element("p", { class: "experiment-line" }, experiment, reset);
  const controls = element(
    "div",
    {},
    element("label", { class: "temperature" }, element("span", {}, t("softmax.temperature.short")), slider, said),
    line,
  );

  slider.addEventListener("input", () => onTemperature(temperatureAt(Number(slider.value))));
  reset.addEventListener("click", () => {
    slider.value = "0";
    onTemperature(1);
  });

  return {
    element: whole,
    controls,
    /** @type {(softmax: import("../../lib/api/types.js").Softmax, unit: number, temperature: number) => void} `temperature` that is asked for */
    update({ maximum, total, classes, ...answered }, unit, temperature) {
      const words = (/** @type {number} */ value) => formatDecimals(value, language, value < 10 ? 2 : 1);
      said.textContent = words(temperature);
      experiment.textContent = t(temperature === 1 ? "softmax.own" : "softmax.experiment");
      reset.hidden = temperature === 1;
      line.toggleAttribute("data-experiment", temperature !== 1);
      const shifted = t("softmax.exponent", { maximum: formatDecimals(maximum, language, 2) });
      const exponent =
        answered.temperature === 1
          ? shifted
          : t("softmax.divided", { exponent: shifted, temperature: words(answered.temperature) });
      head.replaceChildren(...["", "z", `exp(${exponent})`, "p"].map((name) => element("th", { scope: "col" }, name)));
      body.replaceChildren(
        ...classes.map(({ logit, exponential, probability }, i) =>
          element(
            "tr",
            i === unit ? { class: "chosen" } : {},
            element("th", { scope: "row" }, labels[i]),
            ...[
              formatDecimals(logit, language, 2),
              formatValue(exponential, language, 3),
              formatPercent(probability, language),
            ].map((each) => element("td", {}, each)),
          ),
        ),
      );
      foot.replaceChildren(
        element("th", { scope: "row" }, "Σ"),
        element("td"),
        element("td", {}, formatValue(total, language, 4)),
        element("td", {}, formatPercent(1, language, 0)),
      );
    },
  };
}
