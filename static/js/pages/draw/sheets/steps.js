/**
 * "Steps": every step of the preprocessing with its picture, and a switch where it can be left out.
 */

import { ProblemError, predictAnswer } from "../../../lib/api/api.js";
import { isIdle } from "../../../lib/network/steps.js";
import { createStepsSheet } from "../../../views/sheets/steps-sheet.js";
import { troubleWords } from "../../shared/notice.js";
import { createAsked } from "../asking/explanation.js";
import { toggled } from "../state.js";

/**
 * @typedef {import("../../../lib/api/types.js").Answer} Answer
 * @typedef {import("../asking/conversation.js").Question} Question
 * @typedef {import("../../../lib/network/steps.js").Other} Other
 * @typedef {{answer: Answer, others: Map<string, Other>}} Bench
 */

/** @type {import("../types.js").SheetKind} */
export const steps = {
  name: "steps",
  about: "image",
  fits: (card) => card.explainers.includes("gradients"),
  create({ card, t, redraw, onSkip }) {
    const order = card.steps.map(({ name }) => name);
    const skippable = new Set(card.steps.filter((step) => step.skippable).map(({ name }) => name));
    const asked = createAsked(ask, { t, redraw });
    /** @type {string[]} */
    let skipped = [];

    /** @type {(steps: string[]) => string[]} in the order in which they are done */
    const inOrder = (names) => order.filter((name) => names.includes(name));

    /** @type {(question: Question, signal: AbortSignal, step: string, left: string[]) => Promise<Other>} */
    async function askOther(question, signal, step, left) {
      const skip_steps = inOrder(toggled(left, step)).join();
      const { skip_steps: _, ...experiment } = question.experiment ?? {};
      try {
        const answer = await predictAnswer({ ...question, experiment }, skip_steps ? { skip_steps } : {}, signal);
        return { answer, words: "" };
      } catch (error) {
        if (error instanceof ProblemError && !error.passing) return { answer: null, words: troubleWords(error, t) };
        throw error;
      }
    }

    /**
     * The picture of every step, then one answer after the other with one step switched, each shown when it comes.
     * @param {Question} question
     * @param {Record<string, string>} _
     * @param {AbortSignal} signal
     * @returns {Promise<Bench>}
     */
    async function ask(question, _, signal) {
      const answer = await predictAnswer(question, { steps: "images" }, signal);
      const left = question.experiment?.skip_steps?.split(",") ?? [];
      /** @type {Map<string, Other>} */
      const others = new Map();
      const asking = answer.input.steps.filter((step) => skippable.has(step.name) && !isIdle(step));
      (async () => {
        for (const { name } of asking) {
          if (signal.aborted) return;
          others.set(name, await askOther(question, signal, name, left));
          redraw();
        }
      })().catch(() => {}); // the pictures stay; what is missing is asked again with the next input
      return { answer, others };
    }

    const sheet = createStepsSheet(card, t, (step) => onSkip(step === null ? [] : inOrder(toggled(skipped, step))));
    return {
      element: sheet.element,
      update(lab) {
        skipped = lab.skipped;
        const { answer: bench, fresh, trouble } = asked.of(lab);
        sheet.update({
          answer: bench?.answer ?? null,
          fresh,
          trouble,
          empty: !lab.question,
          skipped,
          otherOf: (step) => bench?.others.get(step) ?? null,
        });
      },
    };
  },
};
