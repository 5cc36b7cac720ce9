import assert from "node:assert/strict";
import { test } from "node:test";

import { ProblemError, pictureProblem } from "../../static/js/lib/api/api.js";
import { persist } from "../../static/js/lib/api/retry.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const problem = (/** @type {string} */ name, /** @type {number} */ status) => new ProblemError(name, status, {});

test("what may pass is asked again, each time later, until it is answered", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const failures = [new TypeError("gone"), problem("busy", 503)];
  let asked = 0;
  /** @type {unknown[]} */
  const troubles = [];
  const ask = async () => {
    if (asked++ < failures.length) throw failures[asked - 1];
    return "answer";
  };

  const answer = persist(ask, { wanted: () => true, onTrouble: (error) => troubles.push(error) });
  await settled();
  context.mock.timers.tick(1000);
  await settled();
  context.mock.timers.tick(1999);
  await settled();
  assert.equal(asked, 2);
  context.mock.timers.tick(1);

  assert.equal(await answer, "answer");
  assert.deepEqual(troubles, failures);
});

test("what is not wanted any more is not asked again, and its answer is not heard", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let wanted = true;
  let asked = 0;
  const answer = persist(() => Promise.reject(new TypeError(`gone ${asked++}`)), {
    wanted: () => wanted,
    onTrouble: () => {},
  });
  await settled();

  wanted = false;
  context.mock.timers.tick(1000);

  assert.equal(await answer, null);
  assert.equal(asked, 1);
});

test("what this very question causes is said once", async () => {
  let asked = 0;
  /** @type {unknown[]} */
  const troubles = [];
  const failing = () => Promise.reject(problem("internal-error", ++asked && 500));

  assert.equal(await persist(failing, { wanted: () => true, onTrouble: (error) => troubles.push(error) }), null);
  assert.equal(asked, 1);
  assert.equal(troubles.length, 1);
});

test("whatever is wrong with a file that was sent as a picture has words for a person", () => {
  assert.equal(pictureProblem(problem("broken-image", 400)), "broken-image");
  assert.equal(pictureProblem(problem("unsupported-body", 415)), "not-an-image");
  assert.equal(pictureProblem(problem("invalid-request", 422)), "not-an-image");
  assert.equal(pictureProblem(problem("internal-error", 413)), "too-many-bytes"); // a proxy's own answer
  assert.equal(pictureProblem(problem("nothing-drawn", 422)), null);
  assert.equal(pictureProblem(problem("unknown-model", 404)), null);
});
