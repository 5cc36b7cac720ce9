import assert from "node:assert/strict";
import { test } from "node:test";

import {
  askedOf,
  countOff,
  isOff,
  NOTHING_OFF,
  offWords,
  randomUnits,
  strongest,
  switchableLayers,
  withLayer,
  withToggled,
} from "../../static/js/lib/network/switched.js";

test("a unit that is switched twice is on again, and nothing was changed in place", () => {
  const once = withToggled(NOTHING_OFF, "hidden_1", 7);
  const both = withToggled(once, "hidden_1", 3);

  assert.deepEqual([isOff(once, "hidden_1", 7), isOff(once, "hidden_2", 7), countOff(both)], [true, false, 2]);
  assert.equal(offWords(both), "hidden_1:3,hidden_1:7");
  assert.equal(offWords(withToggled(withToggled(both, "hidden_1", 7), "hidden_1", 3)), "");
  assert.equal(NOTHING_OFF.size, 0);
});

test("a layer's units are exchanged, and those of other layers stay off", () => {
  const off = withLayer(withLayer(NOTHING_OFF, "conv_1", [4]), "hidden", [2, 1, 2]);

  assert.equal(offWords(withLayer(off, "hidden", [9])), "conv_1:4,hidden:9");
  assert.equal(offWords(off), "conv_1:4,hidden:1,hidden:2");
});

test("layers with weights can be switched, all but the one that answers", () => {
  const layers = ["input", "convolution", "pooling", "dropout", "flatten", "dense", "dense"].map((kind, i) => ({
    name: String(i),
    kind,
  }));

  assert.deepEqual(
    switchableLayers(/** @type {any} */ (layers)).map(({ name }) => name),
    ["1", "5"],
  );
});

test("another network leaves out the same steps, and has its own units on", () => {
  const network = (/** @type {string} */ name, preprocessing = "digits") =>
    /** @type {any} */ ({ name, input: { preprocessing } });
  const experiment = { off: "hidden_3:7", skip_steps: "crop" };
  const question = { model: "one", fit: "centre", body: new Blob(), experiment };
  const experimentOf = (/** @type {any} */ other) => askedOf(question, network("one"), other).experiment;

  assert.equal(askedOf(question, network("one"), network("other")).model, "other");
  assert.deepEqual(experimentOf(network("other")), { skip_steps: "crop" });
  assert.deepEqual(experimentOf(network("one")), experiment);
  assert.deepEqual(experimentOf(network("other", "photos")), {}); // a step of that name is another one there
});

test("units drawn by chance are different ones, and every unit can be among them", () => {
  const drawn = randomUnits(8, 5);

  assert.equal(new Set(drawn).size, 5);
  assert.ok(drawn.every((unit) => unit >= 0 && unit < 8));
  assert.deepEqual(
    randomUnits(4, 3, () => 0),
    [0, 1, 2],
  );
  assert.deepEqual(
    randomUnits(4, 3, () => 0.999),
    [3, 0, 1],
  );
  assert.equal(randomUnits(3, 20).length, 3);
});

test("what speaks most for a class comes first, and what speaks against it never", () => {
  assert.deepEqual(strongest(Float32Array.from([0.5, -3, 2, 0, 2]), 4), [2, 4, 0]);
});
