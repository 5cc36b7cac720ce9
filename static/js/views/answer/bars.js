/**
 * The probability of every class as a bar with its number, in class order; a class can be chosen.
 */

import { abbreviate } from "../../lib/network/names.js";
import { formatPercent } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

const NO_NUMBER = "\u00a0"; // keeps the line's height

/**
 * @param {HTMLElement} host a list
 * @param {{labels: string[], language: string, onChoose: (index: number) => void}} options
 */
export function createBars(host, { labels, language, onChoose }) {
  const words = labels.some((label) => label.length > 1);
  const short = abbreviate(labels);
  const bars = labels.map((label, i) => {
    const name = element("button", { type: "button", class: "bar-label", "data-label": label }, label);
    if (words) name.dataset.short = short[i];
    const fill = element("div", { class: "bar-fill" });
    const number = element("span", { class: "bar-number" });
    const row = element(
      "li",
      { class: "bar" },
      name,
      element("div", { class: "bar-track", "aria-hidden": "true" }, fill),
      number,
    );
    row.addEventListener("click", () => onChoose(i));
    return { row, name, fill, number };
  });
  host.toggleAttribute("data-words", words);
  host.replaceChildren(...bars.map(({ row }) => row));
  return {
    /** @type {(probabilities: number[] | null, chosen: number) => void} in class order; null rests every bar; -1 chooses none */
    update(probabilities, chosen) {
      const first = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
      bars.forEach(({ row, name, fill, number }, i) => {
        const share = probabilities?.[i] ?? 0;
        fill.style.setProperty("--share", share.toFixed(4));
        number.textContent = probabilities ? formatPercent(share, language, words ? 1 : 2) : NO_NUMBER;
        row.toggleAttribute("data-first", i === first);
        name.setAttribute("aria-pressed", String(i === chosen));
      });
    },
    destroy() {
      host.replaceChildren();
    },
  };
}
