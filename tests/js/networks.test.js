import assert from "node:assert/strict";
import { test } from "node:test";

import { classifiers } from "../../static/js/lib/networks.js";

test("a network that does not classify is not offered for drawing", () => {
  const models = [{ name: "autoencoder", task: "reconstruction" }, { name: "mlp", task: "classification" }];

  assert.deepEqual(classifiers(/** @type {any} */ (models)).map((model) => model.name), ["mlp"]);
  assert.deepEqual(classifiers(/** @type {any} */ (models.slice(0, 1))), []);
});
