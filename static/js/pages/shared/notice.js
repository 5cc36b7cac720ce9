/**
 * The line with the current error. If there are several errors, it shows the newest.
 */

import { ProblemError } from "../../lib/api/api.js";
import { part } from "../../views/parts/dom.js";

/**
 * @param {unknown} trouble what an asking ended with
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @returns {string}
 */
export function troubleWords(trouble, t) {
  if (!(trouble instanceof ProblemError)) return t("trouble.lost");
  const { problem, passing } = trouble;
  const words = t.has(`problem.${problem}`) ? t(`problem.${problem}`) : t("problem.internal-error");
  return passing ? `${words} ${t("trouble.retry")}` : words;
}

export function createNotice() {
  const host = part("notice");
  /** @type {Map<string, string>} words by what they are about, the newest last */
  const troubles = new Map();
  let remark = "";

  function show() {
    const words = [...troubles.values()].at(-1) ?? remark;
    if (host.textContent !== words) host.textContent = words;
    host.hidden = !words;
  }

  return {
    /** @type {(about: string, words: string) => void} without words, all is well with it */
    say(about, words) {
      if (troubles.get(about) === words) return;
      troubles.delete(about);
      if (words) troubles.set(about, words);
      show();
    },
    /** @param {string} words said while nothing is wrong */
    remark(words) {
      remark = words;
      show();
    },
    clear() {
      troubles.clear();
      show();
    },
  };
}
