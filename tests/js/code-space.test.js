import assert from "node:assert/strict";
import { test } from "node:test";

import { codeAt, codeRanges, mappedOf, placeOnMap } from "../../static/js/lib/explain/code-space.js";

const atlas = (isCode) => ({
  is_code: isCode,
  labels: [0, 1, 1],
  coordinates: { shape: [3, 2], values: [0, 0, 1, -1, 4, 3] },
});

test("a place on the map leads back to the code that stands there", () => {
  const mapped = mappedOf(atlas(true));

  const code = codeAt(mapped, placeOnMap(mapped, [2, 1]));

  assert.ok(Math.abs(code[0] - 2) < 1e-6 && Math.abs(code[1] - 1) < 1e-6);
});

test("a map that shows no codes has places, and no way to a code", () => {
  const mapped = mappedOf(atlas(false));

  assert.equal(mapped.places.length, 6);
  assert.equal(placeOnMap(mapped, [2, 1]), null);
  assert.equal(codeAt(mapped, [0.5, 0.5]), null);
});

test("each number's range leaves out the outermost hundredth on either side", () => {
  const statistics = {
    levels: [0, 0.01, 0.5, 0.99, 1],
    activation: { quantiles: { shape: [2, 5], values: [-9, -1, 0, 1, 9, -8, -2, 0.5, 3, 8] } },
  };

  assert.deepEqual(codeRanges(statistics, 2), {
    ranges: [
      [-1, 1],
      [-2, 3],
    ],
    middle: [0, 0.5],
  });
});
