import assert from "node:assert/strict";
import { test } from "node:test";

import {
  emptyDrawing,
  parseDrawing,
  perform,
  redo,
  smoothPath,
  undo,
  visibleStrokes,
} from "../../static/js/lib/pad/drawing.js";

const stroke = (/** @type {number[]} */ ...points) =>
  /** @type {import("../../static/js/lib/pad/drawing.js").Stroke} */ ({
    tool: "brush",
    colour: "#000000",
    width: 18,
    points,
  });
const FIRST = stroke(1, 1, 2, 2);
const SECOND = stroke(3, 3);

test("undo takes the last stroke back and redo brings it again", () => {
  const drawn = perform(perform(emptyDrawing(), FIRST), SECOND);

  assert.deepEqual(visibleStrokes(undo(drawn)), [FIRST]);
  assert.deepEqual(visibleStrokes(redo(undo(drawn))), [FIRST, SECOND]);
});

test("undo and redo at their ends change nothing", () => {
  assert.deepEqual(undo(emptyDrawing()), emptyDrawing());
  assert.deepEqual(redo(perform(emptyDrawing(), FIRST)), perform(emptyDrawing(), FIRST));
});

test("clearing the pad can be undone", () => {
  const cleared = perform(perform(emptyDrawing(), FIRST), { tool: "clear" });

  assert.deepEqual(visibleStrokes(cleared), []);
  assert.deepEqual(visibleStrokes(undo(cleared)), [FIRST]);
});

test("a new stroke ends what could be done again", () => {
  const drawn = perform(undo(perform(emptyDrawing(), FIRST)), SECOND);

  assert.deepEqual(visibleStrokes(redo(drawn)), [SECOND]);
});

test("a smooth path begins at the first point, passes the middles and ends at the last point", () => {
  assert.deepEqual(smoothPath([0, 0, 10, 0, 10, 10]), [
    [0, 0],
    [10, 0, 10, 5],
    [10, 10, 10, 10],
  ]);
});

test("a dot has a path", () => {
  assert.deepEqual(smoothPath([5, 6]), [
    [5, 6],
    [5, 6, 5, 6],
  ]);
});

test("a stored drawing comes back, and anything else is an empty one", () => {
  const drawn = perform(emptyDrawing(), FIRST);

  assert.deepEqual(parseDrawing(JSON.parse(JSON.stringify(drawn))), drawn);
  for (const odd of [
    null,
    undefined,
    7,
    "text",
    {},
    { acts: 3 },
    { acts: [{ tool: "brush", points: [1] }] },
    { acts: [null] },
  ]) {
    assert.deepEqual(parseDrawing(odd), emptyDrawing());
  }
});
