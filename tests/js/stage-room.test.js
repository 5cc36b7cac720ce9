import assert from "node:assert/strict";
import { test } from "node:test";

import { enlargedRoom, inspectorHeight, outputRoom } from "../../static/js/lib/screen/stage-room.js";

const form = { stacked: false, line: 20, terse: false };
const widths = { host: 800, output: 120, sees: 140 };

test("an open sheet takes more room than the table of layers, and maps leave more room for themselves", () => {
  const closed = inspectorHeight(form, false);

  assert.ok(inspectorHeight({ ...form, terse: true }, false) > closed);
  assert.ok(inspectorHeight(form, true) < closed);
});

test("an output that is a picture is as large as what the network sees", () => {
  assert.deepEqual(outputRoom(form, widths, true), { width: 140, height: 140, words: 120 });
  assert.deepEqual(outputRoom({ ...form, stacked: true }, widths, true), { width: 800, height: 800 });
  assert.equal(outputRoom(form, widths, false).height, 26 * (20 / 16));
});

test("an enlarged layer of units leaves room for the words below it, maps need none", () => {
  const stage = { width: 800, height: 500 };

  assert.equal(enlargedRoom(form, stage, true).height, 500 - 52);
  assert.equal(enlargedRoom(form, stage, false).height, 500 - 52 - 44);
  assert.equal(enlargedRoom({ ...form, terse: true }, stage, false).height, 500 - 52);
  assert.deepEqual(enlargedRoom({ ...form, stacked: true }, stage, false), { width: 800, height: 800 });
});
