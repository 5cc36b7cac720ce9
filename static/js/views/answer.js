/**
 * What the network answers, large, how sure it is, and whether the image is like anything that it was trained on.
 */

import { formatPercent } from "../lib/format.js";
import { element } from "./dom.js";

/**
 * @param {HTMLElement} host
 * @param {{language: string, label: string, probability: string, unusual: string, why: string}} options names for a screen
 *   reader; what is said of an image unlike the training data, and what that means
 */
export function createAnswer(host, { language, label, probability, unusual, why }) {
  const word = host.appendChild(element("output", { class: "answer-label", "aria-label": label, "aria-live": "off" }));
  const number = element("output", { class: "answer-probability", "aria-label": probability, "aria-live": "off" });
  const note = element("p", { class: "answer-note", title: why }, unusual);
  host.append(element("div", { class: "answer-figures" }, note, number));
  return {
    /** @param {{label: string, probability: number, unusual: boolean} | null} answer null is no answer */
    update(answer) {
      word.textContent = answer?.label ?? "";
      word.style.setProperty("--letters", String(Math.max(word.textContent.length, 4))); // a short word may be larger
      note.hidden = !answer?.unusual;
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
