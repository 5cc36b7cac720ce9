/**
 * What the network answers, large, and how sure it is.
 */

import { formatPercent } from "../lib/format.js";
import { element } from "./dom.js";

/**
 * @param {HTMLElement} host
 * @param {{language: string, label: string, probability: string}} options names for a screen reader
 */
export function createAnswer(host, { language, label, probability }) {
  const word = host.appendChild(element("output", { class: "answer-label", "aria-label": label, "aria-live": "off" }));
  const number = host.appendChild(
    element("output", { class: "answer-probability", "aria-label": probability, "aria-live": "off" }),
  );
  return {
    /** @param {{label: string, probability: number} | null} answer null is no answer */
    update(answer) {
      word.textContent = answer?.label ?? "";
      word.style.setProperty("--letters", String(Math.max(word.textContent.length, 4))); // a short word may be larger
      number.textContent = answer ? formatPercent(answer.probability, language, 2) : "";
    },
    /** @param {boolean} words whether this network's answers are words and not digits */
    setWords(words) {
      host.toggleAttribute("data-word", words);
    },
    destroy() {
      host.replaceChildren();
    },
  };
}
