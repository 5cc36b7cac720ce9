import assert from "node:assert/strict";
import { test } from "node:test";

import {
  colourInto,
  divergingTable,
  inputPixels,
  interpolate,
  parseHex,
  pixel,
  tableIndex,
} from "../../static/js/lib/screen/colormaps.js";

const TABLE = divergingTable(["#ffffff", "#0000ff"], ["#ffffff", "#ff0000"]);

test("a colour is read from its six digits and nothing else", () => {
  assert.deepEqual(parseHex(" #0a10ff "), [10, 16, 255]);
  assert.throws(() => parseHex("#fff"), RangeError);
  assert.throws(() => parseHex("red"), RangeError);
});

test("colours between two stops lie between them", () => {
  assert.deepEqual(
    interpolate(
      [
        [0, 0, 0],
        [100, 200, 50],
        [255, 255, 255],
      ],
      0.25,
    ),
    [50, 100, 25],
  );
  assert.deepEqual(
    interpolate(
      [
        [0, 0, 0],
        [255, 255, 255],
      ],
      7,
    ),
    [255, 255, 255],
  );
});

test("zero is the middle of the scale and the ends are its ends", () => {
  assert.equal(TABLE[tableIndex(0, 3)], pixel([255, 255, 255]));
  assert.equal(TABLE[tableIndex(3, 3)], pixel([255, 0, 0]));
  assert.equal(TABLE[tableIndex(-3, 3)], pixel([0, 0, 255]));
});

test("values beyond the scale get the colours of its ends", () => {
  assert.equal(tableIndex(1e9, 3), tableIndex(3, 3));
  assert.equal(tableIndex(-1e9, 3), tableIndex(-3, 3));
});

test("a scale without extent shows everything as zero", () => {
  assert.equal(tableIndex(5, 0), tableIndex(0, 1));
});

test("opposite values stand at equal distances from the middle", () => {
  for (const value of [0.11, 0.42, 0.77]) {
    assert.equal(tableIndex(value, 1) - tableIndex(0, 1), tableIndex(0, 1) - tableIndex(-value, 1));
  }
});

test("a place without a value stays transparent", () => {
  const pixels = new Uint32Array(2).fill(7);

  colourInto(Float32Array.of(1), Int32Array.of(0, -1), 1, TABLE, pixels);

  assert.deepEqual([...pixels], [pixel([255, 0, 0]), 0]);
});

test("the network's input is grey for one channel and coloured for three", () => {
  assert.deepEqual(
    [...inputPixels({ shape: [1, 2], values: Float32Array.of(0, 1) })],
    [pixel([0, 0, 0]), pixel([255, 255, 255])],
  );
  assert.deepEqual([...inputPixels({ shape: [1, 1, 3], values: Float32Array.of(1, 0, 0.5) })], [pixel([255, 0, 128])]);
});
