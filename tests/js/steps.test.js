import assert from "node:assert/strict";
import { test } from "node:test";

import { isIdle, stepEffect, stepFigures } from "../../static/js/lib/network/steps.js";
import { createTexts } from "../../static/js/lib/screen/i18n.js";

const t = createTexts(
  {
    "bench.crop.figures": "{width} × {height}",
    "bench.without": "without it {points} points",
    "bench.with": "with it {points} points",
    "bench.without.reads": "without it {other}, {share}",
  },
  "en",
);
const answer = (label, probability, seven) => ({
  label,
  probability,
  probabilities: [{ label: "7", probability: seven }],
});
const options = { isSkipped: false, labelOf: (name) => name };
const read = answer("7", 0.9, 0.9);

test("a step that was not applied is idle, unless it was left out or keeps MNIST's form", () => {
  assert.equal(isIdle({ name: "crop", applied: false }), true);
  assert.equal(isIdle({ name: "crop", applied: false, skipped: true }), false);
  assert.equal(isIdle({ name: "mnist_form", applied: false }), false);
});

test("the effect of a step is the change of the answer's probability, with its direction", () => {
  const less = stepEffect(read, { answer: answer("7", 0.7, 0.7), words: "" }, options, t);

  assert.deepEqual(less, { words: "without it −20.0 points", change: "less" });
  assert.equal(stepEffect(read, { answer: answer("7", 0.9004, 0.9004), words: "" }, options, t).change, "");
});

test("a step without which another class is read says which", () => {
  const other = { answer: answer("1", 0.8, 0.1), words: "" };

  assert.deepEqual(stepEffect(read, other, options, t), { words: "without it 1, 80%", change: "less" });
});

test("an effect that is not known yet keeps its line, and one without an answer says why", () => {
  assert.equal(stepEffect(read, null, options, t).words, "\u00a0");
  assert.equal(stepEffect(read, { answer: null, words: "too large" }, options, t).words, "too large");
});

test("the figures of a step are left out where it found other numbers", () => {
  assert.equal(stepFigures({ name: "crop", parameters: { width: 20, height: 9.456 } }, t), "20 × 9.46");
  assert.equal(stepFigures({ name: "crop", parameters: { width: 20 } }, t), "");
  assert.equal(stepFigures({ name: "unknown", parameters: {} }, t), "");
});
