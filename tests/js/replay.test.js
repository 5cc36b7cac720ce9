import assert from "node:assert/strict";
import { test } from "node:test";

import { changes, drawnUntil, strokeEnds } from "../../static/js/lib/pad/replay.js";

/** @type {(...points: number[]) => import("../../static/js/lib/pad/drawing.js").Stroke} */
const stroke = (...points) => ({ tool: "brush", colour: "#ffffff", width: 18, points });

test("a drawing is cut where the pen was, between its points", () => {
  const [first, second] = drawnUntil([stroke(0, 0, 9, 0), stroke(0, 5, 29, 5)], 0.5);

  assert.deepEqual(first.points, [0, 0, 9, 0]); // 10 of 40 pixels of ink, its dot counted
  assert.deepEqual(second.points, [0, 5, 9, 5]); // and 10 of 30
});

test("no ink is no stroke, and all ink is the drawing itself", () => {
  const strokes = [stroke(0, 0, 9, 0), stroke(4, 4)];

  assert.deepEqual(drawnUntil(strokes, 0), []);
  assert.deepEqual(drawnUntil(strokes, 1), strokes);
});

test("strokes end at their share of the ink", () => {
  assert.deepEqual(strokeEnds([stroke(0, 0, 9, 0), stroke(0, 5, 29, 5)]), [0.25, 1]);
});

test("an answer changes where another class comes first", () => {
  assert.deepEqual(
    changes([
      [0.9, 0.1],
      [0.6, 0.4],
      [0.4, 0.6],
      [0.1, 0.9],
    ]),
    [{ moment: 2, from: 0, to: 1 }],
  );
});
