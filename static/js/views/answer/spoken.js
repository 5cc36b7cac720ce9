/**
 * The text for a screen reader when the pen rests.
 */

/**
 * @param {HTMLElement} host a live region
 * @param {{none: string}} words what is said where there was an answer, and is none any more
 */
export function createSpoken(host, { none }) {
  let answered = false;
  return {
    /** The answer is about to change: the same words would not be heard again if they stayed. */
    hush() {
      host.textContent = "";
    },
    /** @param {string | null} answer */
    say(answer) {
      host.textContent = answer ?? (answered ? none : "");
      answered = answer !== null;
    },
  };
}
