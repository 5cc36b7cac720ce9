import assert from "node:assert/strict";
import { test } from "node:test";

import { readoutWords, unitHeading } from "../../static/js/lib/network/unit-heading.js";

/** Texts that show their key and their values. */
const t = Object.assign((key, values = {}) => [key, ...Object.values(values)].join(" "), {
  has: () => false,
  language: "en",
});
const hidden = { name: "hidden_1", kind: "dense", shape: [4], activation: "relu" };
const output = { name: "output", kind: "dense", shape: [3], activation: null };
const card = {
  task: "classification",
  layers: [hidden, output],
  input: { shape: [2, 2] },
  classes: { en: ["a", "b", "c"] },
};
const spot = { index: 2, channel: 2, row: 0, column: 0 };
const subject = (layer, kernel = null) => ({ layer, spot, kernel, output: 9 });
const readings = new Map([
  ["hidden_1", { before: null, after: { shape: [4], values: Float32Array.of(0, 1, 2.5, 3) } }],
]);
const read = { readings, state: { before: [] }, exact: null };

test("a unit is named with its layer, an output unit with its class", () => {
  assert.deepEqual(unitHeading(subject(hidden), card, t).facts, ["hidden_1"]);
  assert.deepEqual(unitHeading(subject(output), card, t).facts, ["inspector.class c"]);
});

test("a unit of a network that draws is named with its pixel", () => {
  const drawing = { ...card, task: "reconstruction" };

  assert.deepEqual(unitHeading(subject(output), drawing, t).facts, ["inspector.at 1 0"]);
});

test("the value under the pointer has two digits at 8 bits, four where it is exact, and the lens's where there is one", () => {
  const exact = { name: "hidden_1", activation: { values: [0, 1, 2.4567, 3] } };
  const lens = { values: Float32Array.of(0, 0, -1.5, 0), name: "gradient" };

  assert.match(readoutWords(subject(hidden), read, null, card, t), /: 2\.5$/);
  assert.match(readoutWords(subject(hidden), { ...read, exact }, null, card, t), /: 2\.457$/);
  assert.match(readoutWords(subject(hidden), read, lens, card, t), /: gradient −1\.500$/);
  assert.match(readoutWords(subject(hidden), { ...read, readings: null }, null, card, t), /: –$/);
  assert.equal(readoutWords(subject(hidden, { shape: [1, 1, 1, 4], values: [] }), read, null, card, t), "");
});
