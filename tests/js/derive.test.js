import assert from "node:assert/strict";
import { test } from "node:test";

import { deriveReadings, maxPool, relu, sigmoid, softmax } from "../../static/js/lib/network/derive.js";

const values = (/** @type {number[]} */ ...numbers) => Float32Array.from(numbers);

test("ReLU takes the negative values away and leaves the others", () => {
  assert.deepEqual([...relu(values(-2, 0, 0.5))], [0, 0, 0.5]);
});

test("the sigmoid is a half at zero, and never beyond zero and one", () => {
  assert.deepEqual([...sigmoid(values(-1000, 0, 1000))], [0, 0.5, 1]);
  assert.ok(Math.abs(sigmoid(values(2))[0] - 0.880797) < 1e-6);
});

test("softmax adds up to one, for logits of any size", () => {
  const total = [...softmax(values(1000, 999, -1000))].reduce((a, b) => a + b);

  assert.ok(Math.abs(total - 1) < 1e-6); // three float32 terms
});

test("pooling takes the highest of each window, channel by channel", () => {
  const input = { shape: [2, 4, 2], values: values(1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8) };

  const pooled = maxPool(input, { pool_size: [2, 2], strides: [2, 2] });

  assert.deepEqual(pooled.shape, [1, 2, 2]);
  assert.deepEqual([...pooled.values], [6, -1, 8, -3]);
});

test("pooling without padding leaves out the odd last row and column", () => {
  const input = { shape: [3, 3, 1], values: values(1, 2, 9, 3, 4, 9, 9, 9, 9) };

  assert.deepEqual([...maxPool(input, {}).values], [4]);
});

const layer = (/** @type {object} */ fields) => ({
  options: {},
  activation: null,
  parameters: 0,
  scale: null,
  ...fields,
});
const CARD = {
  layers: [
    layer({ name: "input", kind: "input", shape: [2, 2, 1] }),
    layer({ name: "conv_1", kind: "convolution", shape: [2, 2, 1], activation: "relu" }),
    layer({ name: "pool_1", kind: "pooling", shape: [1, 1, 1], options: { pool_size: [2, 2], strides: [2, 2] } }),
    layer({ name: "dropout_1", kind: "dropout", shape: [1, 1, 1], options: { rate: 0.5 } }),
    layer({ name: "flatten", kind: "flatten", shape: [1] }),
    layer({ name: "output", kind: "dense", shape: [2], activation: "softmax" }),
  ],
};
const FRAME = {
  answer: {
    probabilities: [
      { label: "a", probability: 0.25 },
      { label: "b", probability: 0.75 },
    ],
  },
  tensors: new Map([
    ["input", { shape: [2, 2, 1], values: values(0, 0, 1, 1) }],
    ["conv_1", { shape: [2, 2, 1], values: values(-1, 2, 3, -4) }],
    ["output", { shape: [2], values: values(0, 1) }],
  ]),
};

test("what a frame leaves out follows from what it carries", () => {
  const readings = deriveReadings(/** @type {any} */ (CARD), /** @type {any} */ (FRAME));

  assert.deepEqual([...(readings.get("conv_1")?.after?.values ?? [])], [0, 2, 3, 0]);
  assert.deepEqual([...(readings.get("pool_1")?.after?.values ?? [])], [3]);
  assert.deepEqual(readings.get("flatten")?.after, { shape: [1], values: values(3) });
});

test("units and maps that are off pass nothing on, and keep what they were given", () => {
  const two = { shape: [1, 2, 2], values: values(3, 5, -1, 7) };
  const card = {
    layers: [
      layer({ name: "conv_1", kind: "convolution", shape: [1, 2, 2], activation: "relu" }),
      layer({ name: "hidden", kind: "dense", shape: [3], activation: "linear" }),
    ],
  };
  const off = [
    { layer: "conv_1", units: [1] },
    { layer: "hidden", units: [0, 2] },
  ];
  const tensors = new Map([
    ["conv_1", two],
    ["hidden", { shape: [3], values: values(4, -5, 6) }],
  ]);

  const readings = deriveReadings(/** @type {any} */ (card), /** @type {any} */ ({ answer: { off }, tensors }));

  assert.deepEqual([...(readings.get("conv_1")?.after?.values ?? [])], [3, 0, 0, 0]);
  assert.deepEqual([...(readings.get("conv_1")?.before?.values ?? [])], [3, 5, -1, 7]);
  assert.deepEqual([...(readings.get("hidden")?.after?.values ?? [])], [0, -5, 0]);
  assert.deepEqual([...(tensors.get("hidden")?.values ?? [])], [4, -5, 6]);
});

test("the output's probabilities are the answer's own, exact ones", () => {
  const readings = deriveReadings(/** @type {any} */ (CARD), /** @type {any} */ (FRAME));

  assert.deepEqual([...(readings.get("output")?.after?.values ?? [])], [0.25, 0.75]);
});

test("a layer that did not travel, and what follows from it, is not guessed", () => {
  const tensors = new Map([...FRAME.tensors].filter(([name]) => name !== "conv_1"));

  const readings = deriveReadings(/** @type {any} */ (CARD), /** @type {any} */ ({ ...FRAME, tensors }));

  assert.equal(readings.get("conv_1")?.after, null);
  assert.equal(readings.get("pool_1")?.after, null);
  assert.notEqual(readings.get("output")?.after, null);
});

test("of an autoencoder's frame the code stays as it is, and the reconstruction is the sigmoid of what it was given", () => {
  const card = {
    layers: [
      layer({ name: "input", kind: "input", shape: [2] }),
      layer({ name: "code", kind: "dense", shape: [1], activation: "linear" }),
      layer({ name: "reconstruction", kind: "dense", shape: [2], activation: "sigmoid" }),
    ],
  };
  const tensors = new Map([
    ["input", { shape: [2], values: values(0, 1) }],
    ["code", { shape: [1], values: values(-3) }],
    ["reconstruction", { shape: [2], values: values(0, -1000) }],
  ]);

  const readings = deriveReadings(
    /** @type {any} */ (card),
    /** @type {any} */ ({ answer: { task: "reconstruction" }, tensors }),
  );

  assert.deepEqual([...(readings.get("code")?.after?.values ?? [])], [-3]);
  assert.deepEqual([...(readings.get("reconstruction")?.after?.values ?? [])], [0.5, 0]);
});
