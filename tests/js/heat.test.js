import assert from "node:assert/strict";
import { test } from "node:test";

import {
  areaOf,
  gradientLens,
  heatMap,
  largestChannel,
  largestMagnitude,
  lightness,
  overlayTable,
  strongest,
  timesInput,
} from "../../static/js/lib/explain/heat.js";

const COLOUR = { shape: [1, 2, 3], values: [0.1, -0.7, 0.3, 0.2, 0, -0.1] }; // two pixels
const close = (found, expected) => {
  for (const [i, value] of found.entries()) {
    assert.ok(Math.abs(value - expected[i]) < 1e-6, `${value} is not ${expected[i]}`);
  }
};

test("of a pixel's channels the largest magnitude is shown, with its sign", () => {
  close([...largestChannel(COLOUR)], [-0.7, 0.2]);
});

test("a grey pixel is its own largest channel", () => {
  close([...largestChannel({ shape: [2, 1], values: [-3, 0.5] })], [-3, 0.5]);
});

test("gradient times input is summed over the channels", () => {
  close([...timesInput(COLOUR, [1, 1, 1, 0.5, 9, 1])], [-0.3, 0]);
});

test("the strongest place is that of the largest magnitude, and nothing is strongest among zeros", () => {
  assert.equal(strongest([0.5, -2, 2, 1]), 1);
  assert.equal(strongest([0, 0]), -1);
  assert.equal(largestMagnitude([0.5, -2, 1]), 2);
  assert.equal(largestMagnitude([]), 0);
});

test("a map of pixels has a value for each, which is about that pixel alone", () => {
  const heat = heatMap([2, 3], [0, 1, 2, 3, 4, 5]);

  assert.deepEqual([...heat.places], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(areaOf(heat, 5), { row: 1, column: 2, side: 1 });
});

test("a window's value stands in its middle, and the edge that no window has its middle in stays empty", () => {
  const heat = heatMap([6, 6], [10, 11, 12, 13], { window: 4, stride: 2, across: 2 });

  assert.deepEqual([...heat.places.slice(0, 6)], [-1, -1, -1, -1, -1, -1]);
  assert.deepEqual([...heat.places.slice(6, 12)], [-1, 0, 0, 1, 1, -1]);
  assert.deepEqual([...heat.places.slice(24, 30)], [-1, 2, 2, 3, 3, -1]);
  assert.deepEqual(areaOf(heat, 3), { row: 2, column: 2, side: 4 });
});

test("every pixel's nearest window covers it, whatever its size", () => {
  for (let window = 2; window <= 10; window++) {
    const across = Math.floor((28 - window) / 2) + 1;
    const heat = heatMap([28, 28], new Float32Array(across * across), { window, stride: 2, across });
    heat.places.forEach((place, pixel) => {
      if (place < 0) return;
      const { row, column, side } = areaOf(heat, place);
      const [y, x] = [Math.floor(pixel / 28), pixel % 28];
      assert.ok(y >= row && y < row + side && x >= column && x < column + side, `window ${window}, pixel ${pixel}`);
    });
    assert.equal(new Set(heat.places).size, across * across + (heat.places.includes(-1) ? 1 : 0));
  }
});

test("what lies over a picture is transparent at zero and opaque at the ends, each side in its colour", () => {
  const table = overlayTable("#010203", "#0a0b0c");

  assert.equal(table.length, 511);
  assert.equal(table[255] >>> 24, 0);
  assert.equal(table[0], 0xff030201);
  assert.equal(table[510], 0xff0c0b0a);
  assert.equal(table[255 + 64] >>> 24, Math.round(255 * Math.sqrt(64 / 255)));
});

test("a picture without its colours keeps white white, and green lighter than blue", () => {
  close([...lightness({ shape: [1, 3, 3], values: [1, 1, 1, 0, 1, 0, 0, 0, 1] })], [1, 0.7152, 0.0722]);
  close([...lightness({ shape: [1, 2], values: [0.25, 1] })], [0.25, 1]);
});

const LAYERS = [
  { name: "hidden_1", activation: "relu" },
  { name: "dropout_1", activation: null },
  { name: "output", activation: "softmax" },
];
const GRADIENTS = [
  { name: "hidden_1", pre_activation: { values: [0, -1] }, activation: { values: [4, -1] } },
  { name: "dropout_1", activation: { values: [0, 0] } },
  { name: "output", pre_activation: { values: [1, 0] } },
];

test("layers show the gradient by what they show, on one scale for both sides of the ReLU", () => {
  const after = gradientLens(LAYERS, GRADIENTS, []);
  const before = gradientLens(LAYERS, GRADIENTS, ["hidden_1"]);

  assert.deepEqual([...after.get("hidden_1").values], [4, -1]);
  assert.deepEqual([...before.get("hidden_1").values], [0, -1]);
  assert.deepEqual([after.get("hidden_1").end, before.get("hidden_1").end], [4, 4]);
  assert.equal(after.get("dropout_1").end, 1); // zeros are drawn as zeros
});

test("the logits have a gradient, and what the softmax makes of them has none", () => {
  assert.deepEqual([...gradientLens(LAYERS, GRADIENTS, []).get("output").values], [1, 0]);
  assert.equal(gradientLens(LAYERS, GRADIENTS, ["output"]).has("output"), false);
});
