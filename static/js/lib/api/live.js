/**
 * Requests for a changing question: at most one request at a time, then the newest question; outdated answers are dropped.
 */

import { mayPass, retryDelay } from "./retry.js";

const SLOW_AFTER_MS = 2000;

/**
 * @template Question, Reply
 * @param {object} parts
 * @param {(question: Question, signal: AbortSignal) => Promise<Reply>} parts.send
 * @param {(reply: Reply, question: Question, elapsedMs: number) => void} parts.onReply
 * @param {(error: unknown, question: Question) => void} parts.onTrouble a problem, a lost server, or a slow one (`"slow"`)
 */
export function createLive({ send, onReply, onTrouble }) {
  /** @type {AbortController | null} */
  let running = null;
  /** @type {{question: Question} | null} */
  let next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retryTimer;
  let failures = 0;

  async function run() {
    if (running || !next) return;
    const { question } = next;
    next = null;
    const mine = new AbortController();
    running = mine;
    const slowTimer = setTimeout(() => onTrouble("slow", question), SLOW_AFTER_MS);
    const started = performance.now();
    try {
      const reply = await send(question, mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      onReply(reply, question, performance.now() - started);
    } catch (error) {
      if (mine.signal.aborted) return;
      onTrouble(error, question);
      if (mayPass(error)) retryLater(question, error);
    } finally {
      clearTimeout(slowTimer);
      if (running === mine) running = null;
      if (retryTimer === undefined) run();
    }
  }

  /**
   * @param {Question} question asked again, unless a newer one has come by then
   * @param {unknown} error
   */
  function retryLater(question, error) {
    next ??= { question };
    retryTimer = setTimeout(
      () => {
        retryTimer = undefined;
        run();
      },
      retryDelay(failures++, error),
    );
  }

  return {
    /** @param {Question} question replaces any that has not been sent yet */
    ask(question) {
      next = { question };
      if (retryTimer === undefined) run();
    },
    /** Drop every waiting question, and the answer to a running request. */
    drop() {
      clearTimeout(retryTimer);
      retryTimer = undefined;
      failures = 0;
      next = null;
      running?.abort();
      running = null;
    },
  };
}
