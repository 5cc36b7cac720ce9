import assert from "node:assert/strict";
import { test } from "node:test";
import { abbreviate, shortTitle, worthWords } from "../../static/js/lib/network/names.js";
import { createTexts } from "../../static/js/lib/screen/i18n.js";

test("words are abbreviated to their first two letters", () => {
  assert.deepEqual(abbreviate(["airplane", "automobile", "bird"]), ["ai", "au", "bi"]);
});

test("words that begin alike are told apart by a letter that only one of them has", () => {
  const short = abbreviate(["samolot", "samochód", "ptak", "kot", "koń"]);

  assert.equal(new Set(short).size, 5);
  assert.deepEqual(short, ["sl", "sc", "pt", "kt", "kń"]);
});

test("a title has a shorter form where there is little room, and keeps its number", () => {
  const t = createTexts(
    { "layer.name.hidden": "Hidden layer", "layer.short.hidden": "Hidden", "layer.name.pool": "Pooling" },
    "en",
  );

  assert.deepEqual(
    ["hidden_2", "hidden", "pool_1"].map((name) => shortTitle(name, t)),
    ["Hidden 2", "Hidden", "Pooling 1"],
  );
});

test("a network is worth its accuracy, or its error where it does not classify", () => {
  const t = createTexts({ "inspector.error": "squared error {error}" }, "en");

  assert.equal(worthWords({ accuracy: 0.98437, loss: 0.05 }, t), "98.4%");
  assert.equal(worthWords({ accuracy: null, loss: 0.038213 }, t), "squared error 0.0382");
});
