import assert from "node:assert/strict";
import { test } from "node:test";

import { BRUSH, initialState, parseState } from "../../static/js/pages/draw/state.js";

const FALLBACK = initialState("mnist-mlp-lecture");
const MODELS = ["mnist-mlp-lecture", "cifar10-cnn-lecture"];

test("what was stored comes back", () => {
  const state = { ...FALLBACK, model: "cifar10-cnn-lecture", source: "picture", brush: 24, kernels: ["conv_1"] };

  assert.deepEqual(parseState(JSON.parse(JSON.stringify(state)), FALLBACK, MODELS), state);
});

test("anything else is replaced, field by field", () => {
  const odd = {
    model: "gone",
    source: 3,
    tool: null,
    brush: BRUSH.most + 1,
    colour: "red",
    before: [1],
    kernels: "conv_1",
  };

  assert.deepEqual(parseState(odd, FALLBACK, MODELS), FALLBACK);
  for (const nothing of [null, undefined, "text", 5, []])
    assert.deepEqual(parseState(nothing, FALLBACK, MODELS), FALLBACK);
});
