import assert from "node:assert/strict";
import { test } from "node:test";

import { beginningOf, curveBetween } from "../../static/js/lib/screen/curve.js";

const box = (x, y) => ({ x, y, width: 10, height: 10 });

test("a thread to the left leaves and comes level, from side to side", () => {
  assert.deepEqual(curveBetween(box(100, 50), box(0, 0)), [
    [100, 55],
    [55, 55],
    [55, 5],
    [10, 5],
  ]);
});

test("a thread to a picture above or below leaves and comes upright", () => {
  const [start, first, second, end] = curveBetween(box(0, 200), box(100, 0));

  assert.deepEqual(
    [start, end],
    [
      [5, 200],
      [105, 10],
    ],
  );
  assert.deepEqual([first[0], second[0]], [5, 105]);
});

test("the beginning of a curve starts with it and ends on it", () => {
  const line = [
    [0, 0],
    [10, 0],
    [20, 0],
    [30, 0],
  ];

  assert.deepEqual(beginningOf(line, 0.5).at(-1), [15, 0]);
  assert.deepEqual(beginningOf(line, 1), line);
});
