import assert from "node:assert/strict";
import { test } from "node:test";

import { contributions, largestFirst, strengths } from "../../static/js/lib/network/order.js";
import { endOf, scopeEnd } from "../../static/js/lib/network/shown.js";

const MAPS = { shape: [1, 2, 3], values: Float32Array.of(1, -2, 0, 3, -4, 0) }; // three maps of two values

test("a map is as strong as its mean", () => {
  assert.deepEqual([...strengths(MAPS)], [2, -3, 0]);
});

test("a map contributes the sum of activation times gradient", () => {
  assert.deepEqual([...contributions(MAPS, [1, 1, 9, 2, 0.5, 9])], [7, -4, 0]);
});

test("the largest come first, and equals keep their order", () => {
  assert.deepEqual([...largestFirst(Float32Array.of(0, 2, -1, 2, 0))], [1, 3, 0, 4, 2]);
});

test("a scale ends where its scope says: the test set's end, the layer's largest magnitude, each map's", () => {
  assert.equal(scopeEnd("fixed", 7, MAPS), 7);
  assert.equal(scopeEnd("layer", 7, MAPS), 4);
  const ends = scopeEnd("map", 7, MAPS);
  assert.deepEqual(
    [0, 1, 2].map((map) => endOf(ends, map)),
    [3, 4, 7],
  ); // a map of zeros keeps the test set's end
});

test("units share the scale of their layer in every scope", () => {
  assert.equal(scopeEnd("map", 7, { shape: [3], values: Float32Array.of(1, -5, 2) }), 5);
});
