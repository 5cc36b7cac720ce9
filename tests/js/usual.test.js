import assert from "node:assert/strict";
import { test } from "node:test";

import { quantilesOf, standing, usualRange } from "../../static/js/lib/network/usual.js";

const LEVELS = [0, Math.fround(0.01), Math.fround(0.05), 0.25, 0.5, 0.75, Math.fround(0.95), Math.fround(0.99), 1];
const QUANTILES = [-4, -3, -2, -1, 0, 1, 2, 3, 4];

test("a value at a quantile is above that many", () => {
  assert.deepEqual(
    [-3, -1, 0, 2, 3].map((value) => standing(LEVELS, QUANTILES, value).above),
    [1, 25, 50, 95, 99],
  );
});

test("between quantiles values lie evenly", () => {
  assert.equal(standing(LEVELS, QUANTILES, 0.5).above, 62);
  assert.equal(standing(LEVELS, QUANTILES, -1.5).above, 15);
});

test("only what is higher than any is above all", () => {
  assert.deepEqual(
    [4, 3.999, 4.001, -5].map((value) => standing(LEVELS, QUANTILES, value).above),
    [99, 99, 100, 0],
  );
});

test("a unit that is mostly silent is as silent as most", () => {
  const silent = [0, 0, 0, 0, 0, 0.5, 1, 2, 3];

  assert.deepEqual(standing(LEVELS, silent, 0), { above: 0, same: 50 });
  assert.equal(standing(LEVELS, silent, 0.25).above, 62);
});

test("a unit's quantiles are its own row, before the activation where there is one", () => {
  const quantiles = (/** @type {number} */ first) => ({
    histogram: { edges: [], counts: [] },
    quantiles: { shape: [2, 3], values: [...Array(6).keys()].map((i) => first + i) },
  });
  const statistics = { examples: 1, levels: [0, 0.5, 1], activation: quantiles(10) };

  assert.deepEqual(quantilesOf(statistics, 1), [13, 14, 15]);
  assert.deepEqual(quantilesOf({ ...statistics, pre_activation: quantiles(0) }, 1), [3, 4, 5]);
});

test("a unit's usual range is read at its levels, which come as float32", () => {
  const levels = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1].map(Math.fround);
  const activation = {
    histogram: { edges: [], counts: [] },
    quantiles: { shape: [2, 7], values: [...levels.keys(), 10, 11, 12, 13, 14, 15, 16] },
  };

  const range = usualRange({ examples: 10, levels, activation }, 1);

  assert.deepEqual(range, { low: 11, lower: 12, median: 13, upper: 14, high: 15 });
});
