import assert from "node:assert/strict";
import { test } from "node:test";

import { histogram, rankOf, summarise } from "../../static/js/lib/network/statistics.js";

test("a summary holds the ends, the mean and the share of exact zeros", () => {
  assert.deepEqual(summarise(Float32Array.of(-1, 0, 0, 5)), { min: -1, max: 5, mean: 1, silent: 0.5 });
});

test("a histogram counts every value once, those beyond the ends in the outermost bins", () => {
  assert.deepEqual([...histogram(Float32Array.of(-9, -0.9, 0.1, 1, 9), 1, 4)], [2, 0, 1, 2]);
});

test("equal values share a place", () => {
  const values = Float32Array.of(3, 1, 3, 2);

  assert.deepEqual([rankOf(values, 3), rankOf(values, 2), rankOf(values, 1)], [1, 3, 4]);
});
