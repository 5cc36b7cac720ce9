/**
 * The answer of the whole network, with nothing switched off, to the image on the page.
 */

import { predictAnswer } from "../../../lib/api/api.js";
import { withAllOn } from "../../../lib/network/switched.js";
import { createAsked } from "./explanation.js";

/**
 * @typedef {import("../../../lib/api/types.js").Answer} Answer
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("./conversation.js").Question} Question
 */

/** @type {(one: Question, other: Question) => boolean} */
const isAlike = (one, other) =>
  one.body === other.body &&
  one.model === other.model &&
  one.fit === other.fit &&
  one.experiment?.skip_steps === other.experiment?.skip_steps;

/** @param {{t: import("../../../lib/screen/i18n.js").Texts, redraw: () => void}} page */
export function createWholeNetwork(page) {
  /** @type {ReturnType<typeof createAsked<Answer>>} */
  const asked = createAsked((question, _, signal) => predictAnswer(question, {}, signal), page);
  /** @type {Question | null} stays the same object for as long as the image does, whatever is switched */
  let base = null;
  /** @type {{of: Question, answer: Answer} | null} an answer that the page had itself */
  let seen = null;

  return {
    /** @type {(lab: Pick<Lab, "question" | "frame" | "rests">) => import("./explanation.js").Explained<Answer>} */
    of({ question, frame, rests }) {
      if (!question) return { answer: null, fresh: false, trouble: "" };
      base = base && isAlike(base, question) ? base : withAllOn(question);
      if (frame && !question.experiment?.off) seen = { of: base, answer: frame.answer };
      if (seen?.of === base) return { answer: seen.answer, fresh: true, trouble: "" };
      return asked.of({ question: base, rests });
    },
  };
}
