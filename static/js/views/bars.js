/**
 * The probability of every class as a bar with its number, in class order.
 */

import { formatPercent } from "../lib/format.js";
import { abbreviate } from "../lib/names.js";
import { element } from "./dom.js";

const NO_NUMBER = "\u00a0"; // keeps the line's height

/**
 * @param {HTMLElement} host a list
 * @param {{labels: string[], language: string}} options
 */
export function createBars(host, { labels, language }) {
  const words = labels.some((label) => label.length > 1);
  const short = abbreviate(labels);
  const bars = labels.map((label, i) => {
    const name = element("span", { class: "bar-label", "data-label": label }, label);
    if (words) name.dataset.short = short[i];
    const fill = element("div", { class: "bar-fill" });
    const number = element("span", { class: "bar-number" });
    const row = element("li", { class: "bar" }, name, element("div", { class: "bar-track", "aria-hidden": "true" }, fill), number);
    return { row, fill, number };
  });
  host.toggleAttribute("data-words", words);
  host.replaceChildren(...bars.map(({ row }) => row));
  return {
    /** @param {number[] | null} probabilities in class order; null rests every bar */
    update(probabilities) {
      const first = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
      bars.forEach(({ row, fill, number }, i) => {
        const share = probabilities?.[i] ?? 0;
        fill.style.setProperty("--share", share.toFixed(4));
        number.textContent = probabilities ? formatPercent(share, language, words ? 1 : 2) : NO_NUMBER;
        row.toggleAttribute("data-first", i === first);
      });
    },
    destroy() {
      host.replaceChildren();
    },
  };
}
