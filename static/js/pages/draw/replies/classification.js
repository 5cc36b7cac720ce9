/**
 * A classifier's reply: its answer and probability, the novelty note, and every class as a bar.
 */

import { formatPercent } from "../../../lib/screen/format.js";
import { createAnswer } from "../../../views/answer/answer.js";
import { createBars } from "../../../views/answer/bars.js";
import { part } from "../../../views/parts/dom.js";
import { noteOf } from "./notes.js";

/**
 * @param {import("../types.js").ReplyParts} parts
 * @returns {import("../types.js").Reply}
 */
export function createClassificationReply({ card, t, onClass, onNote }) {
  const { language } = t;
  const labels = card.classes[language] ?? card.classes.en;
  const answer = createAnswer(part("answer"), {
    language,
    label: t("reply.answer"),
    probability: t("reply.probability"),
    onNote,
  });
  const bars = createBars(part("bars"), { labels, language, onChoose: (i) => onClass(card.classes.en[i]) });
  answer.setWords(labels.some((label) => label.length > 1));

  /** @type {(given: import("../../../lib/api/types.js").Answer) => {shares: number[], label: string, probability: number}} */
  function read({ probabilities }) {
    const shares = probabilities.map((each) => each.probability);
    const probability = Math.max(...shares);
    return { shares, label: labels[shares.indexOf(probability)], probability };
  }

  return {
    update({ frame, target }) {
      const told = frame && read(frame.answer);
      answer.update(told, frame && noteOf(frame.answer, card, t));
      bars.update(told?.shares ?? null, target === null ? -1 : card.classes.en.indexOf(target));
    },
    words(given) {
      const { label, probability } = read(given);
      const note = noteOf(given, card, t);
      return (
        t("reply.spoken", { label, probability: formatPercent(probability, language, 1) }) +
        (note ? `. ${note.words}` : "")
      );
    },
    destroy() {
      bars.destroy();
      answer.destroy();
    },
  };
}
