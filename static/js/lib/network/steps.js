/**
 * The preprocessing in words: what each step found, and the answer with the step left out or taken again.
 */

import { formatPercent, formatPoints } from "../screen/format.js";

/**
 * @typedef {import("../api/types.js").Answer} Answer
 * @typedef {import("../api/types.js").PreprocessingStep} Step
 * @typedef {import("../screen/i18n.js").Texts} Texts
 *
 * @typedef {{answer: Answer | null, words: string}} Other the answer with one step switched; or why there is none
 * @typedef {{words: string, change: "more" | "less" | ""}} Effect of a step on the probability of the answer
 */

const LEAST_CHANGE = 0.0005; // of a probability; a smaller one is not coloured
const NO_WORDS = "\u00a0"; // keeps the line's height

/** @type {(step: Pick<Step, "name" | "applied" | "skipped">) => boolean} whether it had nothing to do; keeping MNIST's form is much to do */
export const isIdle = ({ name, applied, skipped }) => !applied && !skipped && name !== "mnist_form";

/**
 * @param {Step} step
 * @param {Texts} t
 * @returns {string} the numbers that it found; empty where it found other ones than the text names
 */
export function stepFigures({ name, parameters }, t) {
  const key = `bench.${name}.figures`;
  if (!t.has(key)) return "";
  const number = (/** @type {number} */ value) =>
    value.toLocaleString(t.language, { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0, useGrouping: false });
  const values = Object.fromEntries(Object.entries(parameters).map(([each, value]) => [each, number(value)]));
  const words = t(key, values);
  return words.includes("{") ? "" : words;
}

/**
 * @param {Answer} answer
 * @param {Other | null} other with the step switched; null while it is not known
 * @param {{isSkipped: boolean, labelOf: (name: string) => string}} options `isSkipped`: whether the step is left out in `answer`
 * @param {Texts} t
 * @returns {Effect}
 */
export function stepEffect(answer, other, { isSkipped, labelOf }, t) {
  if (!other) return { words: NO_WORDS, change: "" };
  if (!other.answer) return { words: other.words, change: "" };
  const { label, probability, probabilities } = other.answer;
  const change = (probabilities.find((each) => each.label === answer.label)?.probability ?? 0) - answer.probability;
  const key = `bench.${isSkipped ? "with" : "without"}${label === answer.label ? "" : ".reads"}`;
  const words = t(key, {
    label: labelOf(answer.label),
    points: formatPoints(change, t.language),
    other: labelOf(label),
    share: formatPercent(probability, t.language, 0),
  });
  return { words, change: Math.abs(change) < LEAST_CHANGE ? "" : change > 0 ? "more" : "less" };
}
