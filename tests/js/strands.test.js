import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, knotsOf, strandsOf } from "../../static/js/lib/explain/strands.js";

const place = (layer, index) => ({ layer, spot: { index, channel: index, row: 0, column: 0 } });
const thread = (from, to, share, step) => ({ from, to, value: share, share, step });
const [output, first, second, pixel] = [place("output", 3), place("hidden", 1), place("hidden", 2), place("input", 9)];
const threads = [thread(output, first, 1, 0), thread(output, second, 0.5, 0), thread(first, pixel, 0.2, 1)];
const rects = { output: 300, hidden: 200, input: 100 };
const rectOf = ({ layer, spot }) => ({ x: rects[layer], y: 10 * spot.index, width: 10, height: 10 });

test("threads are drawn the smallest share first, and the faded ones below all others", () => {
  const shares = (front) => strandsOf(threads, front, rectOf).map((strand) => strand.thread.share);

  assert.deepEqual(shares(null), [0.2, 0.5, 1]);
  assert.deepEqual(shares([threads[1]]), [0.2, 1, 0.5]);
});

test("the first step begins beside the bar of its class", () => {
  const starts = strandsOf(threads, null, rectOf).map(({ thread: { step }, curve }) => [step, curve[0][0]]);

  assert.deepEqual(starts, [
    [1, 200],
    [0, 296],
    [0, 296],
  ]);
});

test("a thread to what is out of sight is not drawn", () => {
  const hidden = (each) => (each.layer === "input" ? null : rectOf(each));

  assert.equal(strandsOf(threads, null, hidden).length, 2);
  assert.equal(knotsOf(threads, null, hidden).length, 2);
});

test("every place has one knot, a dot at the pixels", () => {
  const knots = knotsOf([...threads, thread(second, pixel, 0.1, 1)], [threads[0]], rectOf);

  assert.equal(knots.length, 3);
  assert.deepEqual(
    knots.map(({ isSmall }) => isSmall),
    [false, false, true],
  );
  assert.deepEqual(
    knots.map(({ isFaded }) => isFaded),
    [false, true, true],
  );
});

test("the canvas is as large as what it holds", () => {
  const strands = strandsOf(threads.slice(0, 1), null, rectOf);
  const { x, y, width, height } = boundsOf(strands, knotsOf(threads.slice(0, 1), null, rectOf), 8);

  assert.deepEqual([x, y, x + width, y + height], [192, 2, 304, 43]);
});
