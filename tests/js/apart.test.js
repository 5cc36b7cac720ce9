import assert from "node:assert/strict";
import { test } from "node:test";

import { apartForm, listedTerms, windowSpans } from "../../static/js/lib/explain/apart.js";

const wide = { stacked: false, width: 1300 };
const narrow = { stacked: false, width: 800 };
const vector = { shape: [512], values: [] };
const maps = { shape: [3, 3, 32], values: [] };
const softmax = { temperature: 1, maximum: 0, total: 1, classes: [] };

test("a dense unit has pictures, a sum and a range, and no sentence", () => {
  const form = apartForm({ kind: "dense", weights: vector }, wide);

  assert.deepEqual([form.pictures, form.sum, form.range, form.plain, form.softmax], [true, true, true, false, false]);
});

test("a pooling has a sentence and its candidates, and no sum", () => {
  const form = apartForm({ kind: "pooling", candidates: { shape: [2, 2], values: [] } }, wide);

  assert.deepEqual([form.plain, form.candidates, form.sum, form.pictures], [true, true, false, false]);
});

test("without room the range goes first, and beside a softmax the pictures", () => {
  assert.equal(apartForm({ kind: "dense", weights: vector }, narrow).range, false);
  assert.equal(apartForm({ kind: "dense", weights: vector }, narrow).pictures, true);
  assert.equal(apartForm({ kind: "dense", weights: vector, softmax }, narrow).pictures, false);
  assert.equal(apartForm({ kind: "convolution", weights: maps }, { stacked: false, width: 1000 }).range, false);
});

test("where everything stands one below the other, nothing is left out", () => {
  const form = apartForm({ kind: "dense", weights: vector, softmax }, { stacked: true, width: 390 });

  assert.deepEqual([form.pictures, form.range], [true, true]);
});

test("as many terms are listed as there is room for, at least one and at most ten", () => {
  assert.equal(listedTerms({ stacked: false, height: 0 }), 1);
  assert.equal(listedTerms({ stacked: false, height: 2 * (20 + 4 * 18) }), 4);
  assert.equal(listedTerms({ stacked: false, height: 2000 }), 10);
});

test("the rows and columns that a window covers leave its padding out", () => {
  const padding = { top: 1, bottom: 0, left: 0, right: 0 };

  const spans = windowSpans({ row: -1, column: 4, rows: 3, columns: 3, padding });

  assert.deepEqual(spans, { rows: [0, 1], columns: [4, 6], isPadded: true });
});
