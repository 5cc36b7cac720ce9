import assert from "node:assert/strict";
import { test } from "node:test";

import { comparedLayers, comparedValues, possibleView } from "../../static/js/lib/network/comparison.js";

const layer = { name: "hidden_1", kind: "dense", shape: [2], activation: null };
const reading = (...values) =>
  new Map([["hidden_1", { before: null, after: { shape: [2], values: Float32Array.from(values) } }]]);
const pair = { a: reading(1, 2), b: reading(4, 1), before: [] };

test("without an input in slot A the layers show B, and two networks have no difference", () => {
  assert.equal(possibleView(null, "a"), "b");
  assert.equal(possibleView({ kind: "network", readings: null }, "a"), "b");
  assert.equal(possibleView({ kind: "network", readings: new Map() }, "difference"), "b");
  assert.equal(possibleView({ kind: "network", readings: new Map() }, "a"), "a");
  assert.equal(possibleView({ kind: "input", readings: new Map() }, "difference"), "difference");
});

test("the difference is B minus A, and there is none while either is missing", () => {
  assert.deepEqual([...comparedValues("difference", pair, layer).values], [3, -1]);
  assert.deepEqual([...comparedValues("a", pair, layer).values], [1, 2]);
  assert.equal(comparedValues("difference", { ...pair, a: null }, layer), null);
});

test("hidden layers that compute are compared, not the output and not what only passes values on", () => {
  const layers = [{ ...layer, name: "dropout_1", kind: "dropout" }, layer, { ...layer, name: "output" }];

  assert.deepEqual(comparedLayers(layers, layers), [layer]);
});
