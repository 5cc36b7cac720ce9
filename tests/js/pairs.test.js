import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, sharedLayers } from "../../static/js/lib/network/pairs.js";
import { turned } from "../../static/js/lib/pad/examples.js";
import { formatPoints } from "../../static/js/lib/screen/format.js";

/** @type {(name: string, units: number) => import("../../static/js/lib/api/types.js").LayerDescription} */
const dense = (name, units) => ({
  name,
  kind: "dense",
  shape: [units],
  parameters: 0,
  activation: "relu",
  options: {},
  scale: null,
});

test("what has grown from A to B is positive", () => {
  const [a, b] = [
    [1, 2],
    [4, 1],
  ].map((values) => ({ shape: [2], values: Float32Array.from(values) }));

  assert.deepEqual([...difference(a, b).values], [3, -1]);
});

test("layers are paired where name and shape are the same", () => {
  const pairs = sharedLayers(
    [dense("hidden_1", 512), dense("hidden_2", 512)],
    [dense("hidden_1", 512), dense("hidden_2", 2000)],
  );

  assert.deepEqual(
    pairs.map(({ name }) => name),
    ["hidden_1"],
  );
});

test("a difference of shares is said in points, with its sign", () => {
  assert.equal(formatPoints(0.1234, "en"), "+12.3");
  assert.equal(formatPoints(-0.977, "pl"), "−97,7");
  assert.equal(formatPoints(-0.0001, "en"), "0");
});

test("an example turns clockwise about the pad's middle", () => {
  const [[point]] = turned({ label: "1", hand: "american", strokes: [[[0.5, 0.1]]] }, 90, 0).strokes;

  assert.ok(Math.abs(point[0] - 0.9) < 1e-9 && Math.abs(point[1] - 0.5) < 1e-9, String(point));
});
