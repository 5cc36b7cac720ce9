/**
 * The numbers of a code as one slider each, over the range that the test images use.
 */

import { formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

const STEPS = 200;

/**
 * @param {object} options
 * @param {number} options.numbers
 * @param {(number: number) => string} options.label
 * @param {string} options.language
 * @param {(index: number, value: number) => void} options.onChange
 */
export function createCodeSliders({ numbers, label, language, onChange }) {
  const sliders = Array.from({ length: numbers }, (_, i) => {
    const input = element("input", { type: "range", "aria-label": label(i), step: "any" });
    const value = element("span", { class: "code-slider-value", "aria-hidden": "true" });
    input.addEventListener("input", () => onChange(i, Number(input.value)));
    return {
      input,
      value,
      row: element(
        "label",
        { class: "code-slider" },
        element("span", { "aria-hidden": "true" }, String(i)),
        input,
        value,
      ),
    };
  });
  return {
    element: element("div", { class: "code-sliders" }, ...sliders.map(({ row }) => row)),
    /** @type {(code: ArrayLike<number> | null, ranges: [number, number][]) => void} */
    update(code, ranges) {
      sliders.forEach(({ input, value }, i) => {
        const [low, high] = ranges[i] ?? [-1, 1];
        if (input.max !== String(high))
          Object.assign(input, { min: String(low), max: String(high), step: String((high - low) / STEPS) });
        input.disabled = !code;
        if (!code) return;
        const words = formatValue(code[i], language, 3);
        if (document.activeElement !== input || Math.abs(Number(input.value) - code[i]) > (high - low) / STEPS)
          input.value = String(code[i]);
        value.textContent = words;
        input.setAttribute("aria-valuetext", words);
      });
    },
  };
}
