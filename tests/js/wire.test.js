import assert from "node:assert/strict";
import { test } from "node:test";

import { parseFrame } from "../../static/js/lib/api/wire.js";

test("what is no frame, or is cut short, is refused", () => {
  const bytes = (/** @type {number[]} */ ...values) => Uint8Array.from(values).buffer;

  assert.throws(() => parseFrame(bytes(1, 2, 3)), RangeError);
  assert.throws(() => parseFrame(bytes(...Buffer.from("PNG!"), 0, 0, 0, 0)), RangeError);
  assert.throws(() => parseFrame(bytes(...Buffer.from("LSF1"), 200, 0, 0, 0)), RangeError);
});
