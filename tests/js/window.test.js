import assert from "node:assert/strict";
import { test } from "node:test";

import { maxPool } from "../../static/js/lib/network/derive.js";
import { cut, mapOf, nextPlace, sourceLayer, windowOf } from "../../static/js/lib/network/window.js";

test("a padded window begins outside, one without padding at its own place", () => {
  const layer = (padding, shape) => ({
    kind: "convolution",
    shape,
    options: { kernel_size: [3, 3], strides: [1, 1], padding },
  });

  assert.deepEqual(windowOf(layer("same", [5, 5, 1]), [5, 5, 1], { row: 0, column: 4 }), {
    row: -1,
    column: 3,
    rows: 3,
    columns: 3,
  });
  assert.deepEqual(windowOf(layer("valid", [3, 3, 1]), [5, 5, 1], { row: 0, column: 2 }), {
    row: 0,
    column: 2,
    rows: 3,
    columns: 3,
  });
});

test("the largest value in each window is what pooling makes of it", () => {
  const input = { shape: [4, 6, 2], values: Float32Array.from({ length: 48 }, (_, i) => Math.sin(i * i)) };
  const pooled = maxPool(input, { pool_size: [2, 2] });
  const layer = { kind: "pooling", shape: pooled.shape, options: { pool_size: [2, 2] } };

  let place = { row: 0, column: 0 };
  for (let i = 0; i < 6; i++, place = nextPlace(place, pooled.shape)) {
    for (const channel of [0, 1]) {
      const seen = cut(mapOf(input, channel), input.shape, windowOf(layer, input.shape, place));
      assert.equal(Math.max(...seen), pooled.values[i * 2 + channel]);
    }
  }
  assert.deepEqual(place, { row: 0, column: 0 }); // and begins again
});

test("what lies outside the map is zero", () => {
  const map = Float32Array.of(1, 2, 3, 4);

  assert.deepEqual([...cut(map, [2, 2], { row: -1, column: 0, rows: 3, columns: 3 })], [0, 0, 0, 1, 2, 0, 3, 4, 0]);
});

test("a layer looks at the values before it, past dropout and flatten", () => {
  const layers = ["input", "pooling", "dropout", "flatten", "dense"].map((kind) => ({ kind }));

  assert.equal(sourceLayer(layers, layers[4]), layers[1]);
  assert.equal(sourceLayer(layers, layers[0]), null);
});
