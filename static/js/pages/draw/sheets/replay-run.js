/**
 * The probabilities of a drawing at every moment of its growth, asked one after the other from the end backwards.
 */

import { fetchProbabilities } from "../../../lib/api/api.js";
import { persist } from "../../../lib/api/retry.js";
import { drawnUntil, strokeEnds } from "../../../lib/pad/replay.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/pad/drawing.js").Stroke} Stroke
 */

export const MOMENTS = 48;
const AT_ONCE = 2;

/** @type {(question: Lab["question"]) => string} the experiment of a question; empty without one */
const experimentOf = (question) => (question ? JSON.stringify(question.experiment ?? {}) : "");

/** @param {Pick<Tools, "t" | "redraw" | "pad">} tools */
export function createReplayRun({ t, redraw, pad }) {
  /** @type {Stroke[]} */
  let strokes = [];
  let experiment = "";
  /** @type {number[]} */
  let ends = [];
  /** @type {(number[] | null)[]} */
  let moments = [];
  let trouble = "";
  let running = new AbortController();

  /** @type {(queue: number[], question: NonNullable<Lab["question"]>, signal: AbortSignal) => Promise<void>} */
  async function work(queue, question, signal) {
    for (let at = queue.shift(); at !== undefined && !signal.aborted; at = queue.shift()) {
      const body = pad.pictureOf(drawnUntil(strokes, at / MOMENTS));
      if (!body) continue;
      const shares = await persist(() => fetchProbabilities({ ...question, body }, signal), {
        wanted: () => !signal.aborted,
        onTrouble: (error) => {
          trouble = troubleWords(error, t);
        },
        passes: () => false, // a speck is no digit yet: the curve begins later
      });
      if (shares) moments[at] = shares;
      if (!signal.aborted) redraw();
    }
  }

  return {
    get strokes() {
      return strokes;
    },
    /** @returns {number[]} of the strokes, as shares of the ink */
    get ends() {
      return ends;
    },
    /** @returns {(number[] | null)[]} probabilities in class order; null where they are not known */
    get moments() {
      return moments;
    },
    get trouble() {
      return trouble;
    },
    /** @type {(drawn: Stroke[]) => boolean} whether this drawing is replayed */
    isOf: (drawn) => drawn.length === strokes.length && drawn.every((stroke, i) => stroke === strokes[i]),
    /** @type {(question: Lab["question"]) => boolean} whether the network was asked under another experiment */
    isOutdated: (question) => question !== null && experimentOf(question) !== experiment,
    /** @type {(drawn: Stroke[], question: Lab["question"]) => void} */
    begin(drawn, question) {
      running.abort();
      running = new AbortController();
      strokes = drawn;
      experiment = experimentOf(question);
      ends = strokeEnds(drawn);
      moments = Array(MOMENTS + 1).fill(null);
      trouble = "";
      if (!question) return;
      const queue = [...moments.keys()].slice(1).reverse(); // the end is known best: from there backwards
      for (let i = 0; i < AT_ONCE; i++) work(queue, question, running.signal);
    },
    /** Nothing is drawn. */
    clear() {
      strokes = [];
      moments = [];
    },
    stop() {
      running.abort();
      strokes = [];
    },
  };
}
