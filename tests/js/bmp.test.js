import assert from "node:assert/strict";
import { test } from "node:test";

import { cutRegion, inkRegion } from "../../static/js/lib/pad/bmp.js";

const WIDTH = 6;
const HEIGHT = 4;

/** @param {...[number, number]} inked columns and rows */
function picture(...inked) {
  const grey = new Uint8Array(WIDTH * HEIGHT);
  for (const [column, row] of inked) grey[row * WIDTH + column] = 255;
  return grey;
}

test("a blank pad has no region of ink", () => {
  assert.equal(inkRegion(picture(), WIDTH, HEIGHT, 1), null);
});

test("the region of ink is the smallest one, with its margin", () => {
  assert.deepEqual(inkRegion(picture([2, 1], [3, 2]), WIDTH, HEIGHT, 1), { left: 1, top: 0, width: 4, height: 4 });
});

test("the margin ends at the pad's edge", () => {
  assert.deepEqual(inkRegion(picture([0, 0], [5, 3]), WIDTH, HEIGHT, 9), { left: 0, top: 0, width: 6, height: 4 });
});

test("a cut region holds the picture's own pixels", () => {
  const grey = picture([2, 1], [3, 2]);

  const cut = cutRegion(grey, WIDTH, { left: 2, top: 1, width: 2, height: 2 });

  assert.deepEqual([...cut], [255, 0, 0, 255]);
});
