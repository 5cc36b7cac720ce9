/**
 * The network's answer, large, its probability, and a note on its reliability, which opens the sheet with details.
 */

import { formatPercent } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {{words: string, why: string, sheet: string}} Note in few words, in a sentence, and the sheet that says more
 */

/**
 * @param {HTMLElement} host
 * @param {object} options
 * @param {string} options.language
 * @param {string} options.label name for a screen reader
 * @param {string} options.probability likewise
 * @param {(sheet: string) => void} options.onNote
 */
export function createAnswer(host, { language, label, probability, onNote }) {
  const word = host.appendChild(element("output", { class: "answer-label", "aria-label": label, "aria-live": "off" }));
  const number = element("output", { class: "answer-probability", "aria-label": probability, "aria-live": "off" });
  const note = element("button", { type: "button", class: "answer-note" });
  let sheet = "";
  note.addEventListener("click", () => onNote(sheet));
  host.append(element("div", { class: "answer-figures" }, note, number));
  return {
    /** @type {(answer: {label: string, probability: number} | null, remark: Note | null) => void} null is no answer */
    update(answer, remark) {
      word.textContent = answer?.label ?? "";
      word.style.setProperty("--letters", String(Math.max(word.textContent.length, 4))); // a short word may be larger
      note.hidden = !answer || !remark;
      if (remark && note.textContent !== remark.words) note.textContent = remark.words;
      note.title = remark?.why ?? "";
      sheet = remark?.sheet ?? "";
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
