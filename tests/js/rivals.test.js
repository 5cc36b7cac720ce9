import assert from "node:assert/strict";
import { test } from "node:test";

import { runnerUp } from "../../static/js/lib/explain/rivals.js";

test("the runner-up has the largest logit of all other classes", () => {
  assert.equal(runnerUp([1, 9, 3, 5], 1), 3);
  assert.equal(runnerUp([1, 9, 3, 5], 0), 1);
  assert.equal(runnerUp([4, 4, 9], 2), 0); // the first of equals
});

test("without logits there is none", () => {
  assert.equal(runnerUp([], 0), -1);
});
