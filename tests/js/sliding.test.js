import assert from "node:assert/strict";
import { test } from "node:test";

import { coveredAt, kernelSlice, strongestMap } from "../../static/js/lib/explain/sliding.js";

const FROM = { name: "conv_1", kind: "convolution", shape: [3, 3, 2] };
const LAYER = {
  name: "conv_2",
  kind: "convolution",
  shape: [2, 2, 1],
  options: { kernel_size: [2, 2], strides: [1, 1], padding: "valid" },
};
const inputs = { shape: [3, 3, 2], values: Float32Array.from({ length: 18 }, (_, i) => i) };
const outputs = { shape: [2, 2, 1], values: Float32Array.of(5, 6, 7, 8) };
const readings = new Map([
  ["conv_1", { before: null, after: inputs }],
  ["conv_2", { before: outputs, after: outputs }],
]);
const at = (row, column) => ({ layer: LAYER, from: FROM, place: { row, column }, map: 0, channel: 1 });
const explained = {
  source: { layer: "conv_1", shape: [3, 3, 2] },
  window: { row: 0, column: 1, rows: 2, columns: 2 },
  weights: { shape: [2, 2, 2], values: [1, 10, 2, 20, 3, 30, 4, 40] },
};

test("a window covers one input map, and its share is the sum of the products with the kernel's slice", () => {
  const covered = coveredAt(readings, at(1, 0), explained);

  assert.deepEqual([...covered.seen], [7, 9, 13, 15]);
  assert.deepEqual([...covered.slice], [10, 20, 30, 40]);
  assert.equal(covered.share, 7 * 10 + 9 * 20 + 13 * 30 + 15 * 40);
  assert.equal(covered.value, 7);
});

test("the slice of a kernel does not depend on the value that was explained", () => {
  const elsewhere = { ...explained, window: { ...explained.window, row: 1, column: 0 } };

  assert.deepEqual(kernelSlice(elsewhere, [2, 2], 0), kernelSlice(explained, [2, 2], 0));
});

test("a pooling has no slice: its products are what it covers", () => {
  const pooling = { ...LAYER, kind: "pooling", options: { pool_size: [2, 2], strides: [1, 1] } };

  const covered = coveredAt(readings, { ...at(0, 0), layer: pooling }, explained);

  assert.equal(covered.slice, null);
  assert.deepEqual([...covered.products], [...covered.seen]);
});

test("without readings nothing is covered", () => {
  assert.equal(coveredAt(null, at(0, 0), explained), null);
  assert.equal(coveredAt(new Map(), at(0, 0), explained), null);
});

test("the strongest input map is the one that adds most, for or against", () => {
  assert.equal(strongestMap({ shape: [1, 2, 3], values: [1, -4, 2, 1, -3, 2] }), 1);
});
