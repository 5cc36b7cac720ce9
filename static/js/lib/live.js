/**
 * Asking while the question still changes: at most one request on its way, the newest question next, no answer too late.
 */

import { ProblemError } from "./api.js";

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 8000;
const SLOW_AFTER_MS = 2000;

/**
 * @template Question, Reply
 * @param {object} parts
 * @param {(question: Question, signal: AbortSignal) => Promise<Reply>} parts.send
 * @param {(reply: Reply, question: Question, elapsedMs: number) => void} parts.onReply
 * @param {(error: unknown) => void} parts.onTrouble a problem, a lost server, or a slow one (`"slow"`)
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
    const mine = (running = new AbortController());
    const slowTimer = setTimeout(() => onTrouble("slow"), SLOW_AFTER_MS);
    const started = performance.now();
    try {
      const reply = await send(question, mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      onReply(reply, question, performance.now() - started);
    } catch (error) {
      if (mine.signal.aborted) return;
      onTrouble(error);
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
    const asked = error instanceof ProblemError ? error.retryAfter * 1000 : 0;
    const delay = Math.max(asked, Math.min(RETRY_FIRST_MS * 2 ** failures++, RETRY_LONGEST_MS));
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      run();
    }, delay);
  }

  return {
    /** @param {Question} question replaces any that has not been sent yet */
    ask(question) {
      next = { question };
      if (retryTimer === undefined) run();
    },
    /** Forget every question and every answer on its way. */
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

/** @param {unknown} error */
function mayPass(error) {
  return error instanceof ProblemError ? error.passing : true;
}
