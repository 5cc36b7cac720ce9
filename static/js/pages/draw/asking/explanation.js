/**
 * One explanation of what the page shows: requested once the pen rests, cancelled when the input changes, kept while it is valid.
 */

import { explain } from "../../../lib/api/api.js";
import { persist } from "../../../lib/api/retry.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 */

/**
 * @template Answer
 * @typedef {object} Explained
 * @property {Answer | null} answer the newest there is
 * @property {boolean} fresh whether it belongs to the image and the parameters of now
 * @property {string} trouble what went wrong; empty where nothing did
 */

/**
 * @template Answer
 * @param {string} call the last part of its address below `/explain`
 * @param {{t: import("../../../lib/screen/i18n.js").Texts, redraw: () => void}} page
 */
export function createExplanation(call, page) {
  /** @type {ReturnType<typeof createAsked<Answer>>} */
  const asked = createAsked(
    async (question, parameters, signal) => /** @type {Answer} */ (await explain(call, question, parameters, signal)),
    page,
  );
  return asked;
}

/**
 * The same of anything that is asked about one image.
 * @template Answer
 * @param {(question: NonNullable<Lab["question"]>, parameters: Record<string, string>, signal: AbortSignal) => Promise<Answer>} call
 * @param {{t: import("../../../lib/screen/i18n.js").Texts, redraw: () => void}} page
 */
export function createAsked(call, { t, redraw }) {
  /** @type {{question: object, key: string} | null} */
  let asked = null;
  /** @type {{answer: Answer, of: object} | null} */
  let held = null;
  let trouble = "";
  /** @type {AbortController | null} */
  let running = null;

  /** @type {(question: NonNullable<Lab["question"]>, parameters: Record<string, string>) => Promise<void>} */
  async function ask(question, parameters) {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const of = asked;
    const answer = await persist(() => call(question, parameters, mine.signal), {
      wanted: () => !mine.signal.aborted,
      onTrouble: (error) => {
        trouble = troubleWords(error, t);
        redraw();
      },
    });
    if (!answer || !of) return;
    held = { answer, of };
    trouble = "";
    redraw();
  }

  return {
    /**
     * @param {Pick<Lab, "question" | "rests">} lab
     * @param {Record<string, string>} parameters
     * @returns {Explained<Answer>}
     */
    of({ question, rests }, parameters = {}) {
      const key = JSON.stringify(parameters);
      if (question && rests && (asked?.question !== question || asked.key !== key)) {
        asked = { question, key };
        trouble = "";
        ask(question, parameters);
      }
      const fresh = held !== null && held.of === asked && asked.question === question && asked.key === key;
      return { answer: question ? (held?.answer ?? null) : null, fresh, trouble };
    },
    /** Cancel the request and forget the answer. */
    drop() {
      running?.abort();
      asked = held = null;
    },
  };
}
