/**
 * The note beside an answer: units are off, steps are left out, or the image is unlike the training data.
 */

/**
 * @typedef {import("../../../lib/api/types.js").Answer} Answer
 * @typedef {import("../../../views/answer/answer.js").Note} Note
 */

/**
 * @param {Answer} answer
 * @param {import("../../../lib/api/types.js").NetworkCard} card
 * @param {import("../../../lib/screen/i18n.js").Texts} t
 * @returns {Note | null} the first that applies
 */
export function noteOf(answer, card, t) {
  const off = (answer.off ?? []).reduce((sum, { units }) => sum + units.length, 0);
  if (off) return { words: t("reply.off", { count: off }), why: t("reply.off.why"), sheet: "whatif" };
  const skipped = answer.input.steps.filter((step) => step.skipped).length;
  if (skipped) return { words: t("reply.skipped", { count: skipped }), why: t("reply.skipped.why"), sheet: "steps" };
  if (!answer.novelty?.unusual) return null;
  const digits = card.input.preprocessing === "digits";
  return { words: t(digits ? "reply.unusual.digit" : "reply.unusual"), why: t("reply.unusual.why"), sheet: "novelty" };
}
