import assert from "node:assert/strict";
import { test } from "node:test";

import { hasSlices, isColourKernel, isTemplate, kernelEnd } from "../../static/js/lib/network/kernels.js";
import { factChoices, panelWords } from "../../static/js/lib/network/panel-words.js";
import { createTexts } from "../../static/js/lib/screen/i18n.js";

const t = createTexts(
  {
    "kind.dense": "dense",
    "kind.convolution": "convolution",
    "layer.parameters.other": "{number} parameters",
    "layer.parameters.short": "{number} par.",
    "range.silent": "{share} silent",
    "range.constant": "all {value}",
    "activation.relu": "ReLU",
    "activation.softmax": "softmax",
    "activation.softmax.input": "logits",
    "panel.slices": "kernel of map {map}",
    "panel.weights": "weights",
    "panel.colour-kernels": "kernels",
  },
  "en",
);
const dense = { name: "hidden_1", kind: "dense", shape: [512], parameters: 401920, activation: "relu", options: {} };
const maps = { ...dense, name: "conv_1", kind: "convolution", shape: [30, 30, 32], parameters: 9248 };
const kernel = (inputs) => ({ shape: [3, 3, inputs, 32], values: Float32Array.of(0.5, -2) });
const values = {
  shown: { tensor: null, range: { min: 0, max: 2, mean: 1, silent: 0.25 } },
  before: false,
  kernel: null,
  output: 3,
};
const roomy = { isNarrow: false, width: 300 };

test("a narrow layer says only how many units it has", () => {
  assert.deepEqual(factChoices(dense, { isNarrow: true, width: 60 }, t), ["512"]);
});

test("maps begin with the longest words only where they are roomy", () => {
  const [longest] = factChoices(maps, roomy, t);
  const [shorter] = factChoices(maps, { isNarrow: false, width: 200 }, t);

  assert.match(longest, /9\u2009248 parameters$/);
  assert.match(shorter, /9\u2009248 par\.$/);
});

test("what a ReLU silences is said after it, not before it and not of weights", () => {
  assert.match(panelWords(dense, values, roomy, t).silence, /25% silent/);
  assert.equal(panelWords(dense, { ...values, before: true }, roomy, t).silence, "");
  assert.equal(panelWords(dense, { ...values, kernel: kernel(1) }, roomy, t).silence, "");
});

test("what goes into a softmax has a name of its own", () => {
  const output = { ...dense, activation: "softmax" };

  assert.deepEqual(panelWords(output, { ...values, before: true }, roomy, t).activation, {
    words: "logits",
    isNamed: true,
  });
  assert.deepEqual(panelWords(output, values, roomy, t).activation, { words: "softmax", isNamed: true });
});

test("kernels are one picture where they look at one map or at three colours, and slices where they look at more", () => {
  assert.ok(isTemplate(kernel(1)) && !hasSlices(kernel(1)));
  assert.ok(isColourKernel(kernel(3)) && !hasSlices(kernel(3)));
  assert.ok(hasSlices(kernel(32)));
  assert.ok(!hasSlices(null));
  assert.equal(panelWords(maps, { ...values, kernel: kernel(32) }, roomy, t).facts, "kernel of map 3");
});

test("the scale of weights ends at their largest magnitude", () => {
  assert.equal(kernelEnd(kernel(1)), 2);
});
