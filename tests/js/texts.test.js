import assert from "node:assert/strict";
import { test } from "node:test";
import { layerTitle } from "../../static/js/lib/network/names.js";
import { createTexts } from "../../static/js/lib/screen/i18n.js";

const POLISH = createTexts(
  {
    "layer.name.hidden": "Warstwa ukryta",
    "images.one": "{count} obraz",
    "images.few": "{count} obrazy",
    "images.many": "{count} obrazów",
    "images.other": "{count} obrazu",
  },
  "pl",
);

test("Polish has its plural forms", () => {
  assert.deepEqual(
    [1, 2, 5, 22, 1.5].map((count) => POLISH("images", { count })),
    ["1 obraz", "2 obrazy", "5 obrazów", "22 obrazy", "1.5 obrazu"],
  );
});

test("a missing text is an error, not an empty place on the page", () => {
  assert.throws(() => POLISH("nothing.here"), RangeError);
});

test("a layer's title is made from its name", () => {
  assert.equal(layerTitle("hidden_2", POLISH), "Warstwa ukryta 2");
  assert.equal(layerTitle("my_own_layer", POLISH), "my_own_layer");
});
