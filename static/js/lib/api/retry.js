/**
 * Retries a failed request, each time after a longer delay, for as long as its answer is needed.
 */

import { ProblemError } from "./api.js";

const FIRST_MS = 1000;
const LONGEST_MS = 8000;

/**
 * @param {unknown} error
 * @returns {boolean} whether a retry may succeed
 */
export function mayPass(error) {
  return error instanceof ProblemError ? error.passing : true;
}

/**
 * @param {number} failures before this one
 * @param {unknown} error
 * @returns {number} how long to wait in milliseconds: twice as long each time, and never less than the server asks for
 */
export function retryDelay(failures, error) {
  const asked = error instanceof ProblemError ? error.retryAfter * 1000 : 0;
  return Math.max(asked, Math.min(FIRST_MS * 2 ** failures, LONGEST_MS));
}

/**
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @param {object} options
 * @param {() => boolean} options.wanted whether the answer is still needed; called before each retry, and when the answer has come
 * @param {(error: unknown) => void} options.onTrouble
 * @param {(error: unknown) => boolean} [options.passes]
 * @returns {Promise<Answer | null>} null where it is no longer needed, or where no retry can succeed
 */
export async function persist(ask, { wanted, onTrouble, passes = mayPass }) {
  for (let failures = 0; wanted(); failures++) {
    try {
      const answer = await ask();
      return wanted() ? answer : null;
    } catch (error) {
      if (!wanted()) return null;
      onTrouble(error);
      if (!passes(error)) return null;
      await new Promise((resolve) => setTimeout(resolve, retryDelay(failures, error)));
    }
  }
  return null;
}
