import assert from "node:assert/strict";
import { test } from "node:test";

import { createPadModel } from "../../static/js/lib/pad/pad-model.js";
import { onWhitePaper, rasterBmp } from "../../static/js/lib/pad/raster.js";

/** @type {(...points: number[]) => import("../../static/js/lib/pad/drawing.js").Stroke} */
const stroke = (...points) => ({ tool: "brush", colour: "#ffffff", width: 18, points });

test("a stroke is part of the drawing once it has ended, and not before", () => {
  const model = createPadModel();
  model.begin(7);
  model.addPoints([1, 2, 1, 2, 3, 4]);
  assert.deepEqual(model.shown(), []);

  const ended = model.finish();

  assert.deepEqual(ended?.points, [1, 2, 3, 4]); // a point that repeats the last one is left out
  assert.deepEqual(model.shown(), [ended]);
  assert.equal(model.growing, null);
});

test("a stroke that is cancelled leaves nothing", () => {
  const model = createPadModel();
  model.begin(7);

  model.cancel();

  assert.equal(model.finish(), null);
  assert.deepEqual(model.shown(), []);
});

test("the example is shown only while nothing is drawn", () => {
  const model = createPadModel();
  model.setExample([stroke(0, 0)]);
  assert.equal(model.ghost().length, 1);

  model.grow(stroke(1, 1));

  assert.deepEqual(model.ghost(), []);
});

test("a preview stands in the drawing's place, and a new drawing ends it", () => {
  const model = createPadModel();
  model.grow(stroke(1, 1));
  model.finish();
  model.preview([stroke(9, 9)]);
  assert.deepEqual(model.shown(), [stroke(9, 9)]);

  model.load(model.drawing);

  assert.deepEqual(model.shown(), [stroke(1, 1)]);
});

test("a blank raster makes no picture, an inked one a bitmap", () => {
  const rgba = new Uint8ClampedArray(40 * 40 * 4);
  assert.equal(rasterBmp(rgba, 40, false), null);

  rgba[4 * (20 * 40 + 20) + 3] = 255;

  assert.deepEqual([...(rasterBmp(rgba, 40, false) ?? [])].slice(0, 2), [0x42, 0x4d]);
});

test("paint that covers half of the paper is half as strong on white", () => {
  assert.deepEqual([...onWhitePaper(Uint8ClampedArray.of(100, 0, 255, 51))].slice(0, 3), [224, 204, 255]);
});
