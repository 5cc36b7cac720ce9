/**
 * The page's requests while a drawing grows, and their results: the newest frame, exact values, errors.
 */

import { ProblemError, pictureProblem, predictFrame, predictLayer } from "../../../lib/api/api.js";
import { createLive } from "../../../lib/api/live.js";
import { part } from "../../../views/parts/dom.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../../../lib/api/types.js").LayerAnswer} LayerAnswer
 * @typedef {import("../../../lib/api/api.js").Question & {source: "pad" | "picture"}} Question
 * @typedef {import("../../../lib/api/types.js").Frame} Frame
 */

/**
 * @param {import("../../../lib/screen/i18n.js").Texts} t
 * @param {object} events
 * @param {() => void} events.onReply there is a new frame, or none any more
 * @param {() => void} events.onExact exact values of a layer have come
 * @param {(body: Blob) => void} events.onUnreadable the server cannot read the picture that it was sent
 * @param {ReturnType<typeof import("../../shared/notice.js").createNotice>} notice
 */
export function createConversation(t, { onReply, onExact, onUnreadable }, notice) {
  const lab = part("lab");
  const timing = part("timing");
  /** @type {Frame | null} */
  let frame = null;
  /** @type {Question | null} the question that `frame` answers */
  let answered = null;
  /** @type {Map<string, LayerAnswer>} layers of `answered` at full precision */
  const exact = new Map();
  /** @type {Question | null} the question that was asked last, answered or not */
  let newest = null;
  /** @type {AbortController | null} */
  let asking = null;

  const live = createLive({
    send: predictFrame,
    onReply(reply, question, elapsed) {
      frame = reply;
      answered = question;
      exact.clear();
      say("");
      const [server, round] = [reply.answer.timing_ms.total, elapsed].map((each) => milliseconds(each, t.language));
      timing.textContent = t("input.timing", { server, round });
      onReply();
    },
    onTrouble: explain,
  });

  /** @type {(words: string, stale?: boolean) => void} what is wrong with the answer; empty where nothing is */
  function say(words, stale = false) {
    notice.say("answer", words);
    lab.toggleAttribute("data-stale", stale);
  }

  /** @type {(trouble: unknown, question: Question) => void} */
  function explain(trouble, question) {
    const { words, isPassing, isUnreadable } = verdictOn(trouble, question.source, t);
    if (!isPassing) forget();
    say(words, isPassing);
    if (isUnreadable) onUnreadable(question.body);
  }

  function forget() {
    frame = answered = null;
    exact.clear();
    onReply();
  }

  return {
    get frame() {
      return frame;
    },
    /** @returns {Question | null} what `frame` answers */
    get answered() {
      return answered;
    },
    /** @param {string} layer */
    exactOf: (layer) => exact.get(layer) ?? null,
    /** @param {Question} question replaces any that has not been sent yet */
    ask(question) {
      asking?.abort();
      newest = question;
      live.ask(question);
    },
    /** @param {Record<string, string>} experiment how the network shall depart from what it is, for the image that it was shown last */
    vary(experiment) {
      if (newest) this.ask({ ...newest, experiment });
    },
    /** There is no input now: clear the answer and cancel the request. */
    silence() {
      asking?.abort();
      newest = null;
      live.drop();
      timing.textContent = "";
      say("");
      forget();
    },
    /** @param {string} layer whose values are fetched at full precision */
    async refine(layer) {
      if (!answered || exact.has(layer)) return;
      const question = answered;
      asking?.abort();
      asking = new AbortController();
      const values = await predictLayer(question, layer, asking.signal).catch(() => null); // the 8-bit values stay
      if (!values || question !== answered) return;
      exact.set(layer, values);
      onExact();
    },
  };
}

/** @type {(value: number, language: string) => string} */
function milliseconds(value, language) {
  const digits = value < 10 ? 1 : 0;
  return value.toLocaleString(language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** @type {(trouble: unknown, source: Question["source"], t: import("../../../lib/screen/i18n.js").Texts) => {words: string, isPassing: boolean, isUnreadable: boolean}} `isPassing`: the last answer stays until the next one comes */
function verdictOn(trouble, source, t) {
  if (trouble === "slow") return { words: t("trouble.slow"), isPassing: true, isUnreadable: false };
  if (!(trouble instanceof ProblemError) || trouble.passing) {
    return { words: troubleWords(trouble, t), isPassing: true, isUnreadable: false };
  }
  const unreadable = source === "picture" ? pictureProblem(trouble) : null;
  if (unreadable) return { words: t(`problem.${unreadable}`), isPassing: false, isUnreadable: true };
  const isDot = source === "pad" && trouble.problem === "nothing-drawn"; // it is no digit yet, and no mistake
  return { words: isDot ? "" : troubleWords(trouble, t), isPassing: false, isUnreadable: false };
}
