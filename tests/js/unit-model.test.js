import assert from "node:assert/strict";
import { test } from "node:test";

import { unitModel } from "../../static/js/lib/network/unit-model.js";

/** Texts that show their key and their values. */
const t = Object.assign((key, values = {}) => `${key} ${Object.values(values).join(" ")}`.trim(), {
  has: (key) => !key.startsWith("layer.name"),
  language: "en",
});
const layer = { name: "hidden_1", kind: "dense", shape: [4], parameters: 20, activation: "relu", options: {} };
const card = { layers: [{ name: "input", kind: "input", shape: [4], parameters: 0, options: {} }, layer] };
const before = { shape: [4], values: Float32Array.of(-1, 2, 3, 0) };
const after = { shape: [4], values: Float32Array.of(0, 2, 3, 0) };
const spotOf = (index) => ({ index, channel: index, row: 0, column: 0 });
const read = (index, others = {}) => ({
  subject: { layer, spot: spotOf(index), kernel: null, output: 0 },
  readings: new Map([["hidden_1", { layer, before, after, exact: null }]]),
  state: { before: [] },
  endOf: () => 5,
  exact: null,
  ...others,
});

test("a value that came at 8 bits is given to two digits, an exact one to four", () => {
  const exact = {
    name: "hidden_1",
    pre_activation: { values: [-1, 2.0011, 3, 0] },
    activation: { values: [0, 2.0011, 3, 0] },
  };

  assert.equal(unitModel(read(1), card, t).words.value, "≈ 2.0");
  assert.equal(unitModel(read(1, { exact }), card, t).words.value, "2.001");
});

test("a value is told its rank, and a silent one how many others are silent", () => {
  assert.match(unitModel(read(1), card, t).words.more, /inspector\.rank\.layer 2 4/);
  assert.match(unitModel(read(0), card, t).words.more, /inspector\.silent\.layer 50%/);
});

test("the spread is of the values before the activation, where there is one", () => {
  const { spread, scale } = unitModel(read(0), card, t);

  assert.deepEqual([...spread.values], [...before.values]);
  assert.equal(spread.value, -1);
  assert.equal(scale.value, 0);
});

test("without an answer there is no value, and the scale stays", () => {
  const model = unitModel(read(1, { readings: null }), card, t);

  assert.equal(model.words.value, "–");
  assert.deepEqual([model.scale.end, model.scale.value, model.map], [5, null, null]);
});

test("a weight is read in its kernel: of the output map that is shown, or of all three colours", () => {
  const values = Float32Array.from({ length: 2 * 2 * 3 * 5 }, (_, i) => i);
  const spot = { index: 0, channel: 2, row: 1, column: 0 };
  const subject = (inputs) => ({ layer, spot, kernel: { shape: [2, 2, inputs, 5], values }, output: 4 });

  const colour = unitModel(read(0, { subject: subject(3) }), card, t);
  const slices = unitModel(read(0, { subject: { ...subject(3), kernel: { shape: [2, 1, 6, 5], values } } }), card, t);

  assert.equal(colour.words.value, ["32", "37", "42"].map((each) => `${each}.00`).join("\u2002"));
  assert.equal(colour.scale.value, null);
  assert.equal(slices.scale.value, (1 * 6 + 2) * 5 + 4);
});
