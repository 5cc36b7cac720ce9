import assert from "node:assert/strict";
import { test } from "node:test";

import { layersCsv } from "../../static/js/lib/network/csv.js";
import { decodeLink, encodeLink } from "../../static/js/lib/pad/link.js";

/** @type {import("../../static/js/lib/pad/drawing.js").Stroke} */
const STROKE = { tool: "brush", colour: "#ffffff", width: 18, points: [10.04, 20, 30.3, 40.26] };

test("a link gives back the strokes to a tenth of a pixel, and the view", async () => {
  const linked = await decodeLink(`#${await encodeLink({ state: { model: "mnist-mlp" }, strokes: [STROKE] })}`);

  assert.deepEqual(linked?.state, { model: "mnist-mlp" });
  assert.deepEqual(linked?.drawing.acts, [{ ...STROKE, points: [10, 20, 30.3, 40.3] }]);
});

test("a link is made of letters that need no escape in an address", async () => {
  const fragment = await encodeLink({ state: {}, strokes: Array(40).fill(STROKE) });

  assert.match(fragment, /^drawing=[\w-]+$/);
});

test("an address without a drawing, or with a damaged one, is no link", async () => {
  const fragment = await encodeLink({ state: {}, strokes: [STROKE] });

  for (const other of ["", "#top", "#drawing=%%%", `#${fragment.slice(0, -8)}`])
    assert.equal(await decodeLink(other), null, other);
});

test("layers become a line a value, with the place that it has", () => {
  const csv = layersCsv([
    {
      name: "conv",
      shape: [1, 2, 2],
      pre_activation: { min: 0, max: 0, mean: 0, values: [-1, 2, 3, 4] },
      activation: { min: 0, max: 0, mean: 0, values: [0, 2, 3, 4] },
    },
    { name: "flatten", shape: [2], activation: { min: 0, max: 0, mean: 0, values: [0.5, 1e-7] } },
  ]);

  assert.deepEqual(csv.trimEnd().split("\r\n"), [
    "layer,unit,row,column,map,pre_activation,activation",
    "conv,,0,0,0,-1,0",
    "conv,,0,0,1,2,2",
    "conv,,0,1,0,3,3",
    "conv,,0,1,1,4,4",
    "flatten,0,,,,,0.5",
    "flatten,1,,,,,1e-7",
  ]);
});
