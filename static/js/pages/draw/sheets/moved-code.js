/**
 * A code that the visitor set, and the decoder's picture of it; a new input removes both.
 */

import { decodeCode } from "../../../lib/api/api.js";
import { createLive } from "../../../lib/api/live.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").Tensor} Tensor
 */

/** @param {Pick<import("../types.js").Tools, "card" | "t" | "redraw">} tools */
export function createMovedCode({ card, t, redraw }) {
  /** @type {number[] | null} */
  let code = null;
  /** @type {Tensor | null} the newest one that has come: of this code, or of the one before */
  let drawn = null;
  /** @type {number[] | null} */
  let own = null;
  /** @type {Lab["question"]} */
  let question = null;
  let trouble = "";

  const live = createLive({
    /** @type {(code: number[], signal: AbortSignal) => Promise<Tensor>} */
    send: (wanted, signal) => decodeCode(card.name, wanted, signal),
    onReply(picture) {
      if (code) drawn = picture;
      trouble = "";
      redraw();
    },
    onTrouble(error) {
      trouble = error === "slow" ? "" : troubleWords(error, t);
      redraw();
    },
  });

  function forget() {
    live.drop();
    code = drawn = null;
    trouble = "";
  }

  return {
    /** @returns {number[] | null} the code that was put together; null where the input's own is shown */
    get code() {
      return code;
    },
    get drawn() {
      return drawn;
    },
    /** @returns {number[] | null} the input's own code */
    get own() {
      return own;
    },
    get trouble() {
      return trouble;
    },
    /** @param {number[]} next */
    moveTo(next) {
      code = next;
      live.ask(next);
      redraw();
    },
    /** @param {string} words */
    say(words) {
      trouble = words;
      redraw();
    },
    /** @param {Pick<Lab, "question" | "frame">} lab another input has another code */
    follow({ question: asked, frame }) {
      if (asked !== question) forget();
      question = asked;
      own = frame?.answer.code ?? null;
    },
    forget,
    putBack() {
      forget();
      redraw();
    },
  };
}
