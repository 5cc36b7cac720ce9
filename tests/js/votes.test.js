import assert from "node:assert/strict";
import { test } from "node:test";

import { tokensByClass } from "../../static/js/lib/explain/votes.js";

test("every network votes once, for the class that it finds most probable", () => {
  const networks = [0.2, 0.8, 0.6, 0.4, 0.1, 0.9];

  assert.deepEqual(tokensByClass(networks, 2), [[0.6], [0.9, 0.8]]);
});
