import assert from "node:assert/strict";
import { test } from "node:test";

import { asPictures, readsImage } from "../../static/js/lib/network/templates.js";

const layer = (kind) => ({ name: kind, kind });

test("weights for every number of the image are pictures like it, and other weights stay as they are", () => {
  const kernel = { shape: [6, 2], values: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) };

  assert.deepEqual(asPictures(kernel, [2, 3]).shape, [2, 3, 1, 2]);
  assert.deepEqual(asPictures(kernel, [1, 2, 3]).shape, [1, 2, 3, 2]);
  assert.equal(asPictures(kernel, [3, 3]), kernel);
});

test("the first dense layer reads the image unless a convolution stands before it", () => {
  const [input, flatten, dense, later] = ["input", "flatten", "dense", "dense"].map(layer);
  const layers = [input, flatten, dense, later];

  assert.deepEqual(
    layers.map((each) => readsImage({ layers }, each)),
    [false, false, true, false],
  );
  assert.equal(readsImage({ layers: [input, layer("convolution"), flatten, dense] }, dense), false);
});
