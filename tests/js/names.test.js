import assert from "node:assert/strict";
import { test } from "node:test";

import { abbreviate } from "../../static/js/lib/names.js";

test("words are abbreviated to their first two letters", () => {
  assert.deepEqual(abbreviate(["airplane", "automobile", "bird"]), ["ai", "au", "bi"]);
});

test("words that begin alike are told apart by a letter that only one of them has", () => {
  const short = abbreviate(["samolot", "samochód", "ptak", "kot", "koń"]);

  assert.equal(new Set(short).size, 5);
  assert.deepEqual(short, ["sl", "sc", "pt", "kt", "kń"]);
});
