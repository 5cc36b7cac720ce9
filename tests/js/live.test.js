import assert from "node:assert/strict";
import { test } from "node:test";

import { ProblemError } from "../../static/js/lib/api/api.js";
import { createLive } from "../../static/js/lib/api/live.js";

/** A server that answers when the test says so. */
function heldServer() {
  /** @type {{question: string, signal: AbortSignal, answer: (reply: string) => void, fail: (error: unknown) => void}[]} */
  const asked = [];
  const send = (/** @type {string} */ question, /** @type {AbortSignal} */ signal) =>
    new Promise((answer, fail) => asked.push({ question, signal, answer, fail }));
  return { asked, send };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("of the questions that come while one is on its way, only the newest is asked", async () => {
  const { asked, send } = heldServer();
  /** @type {unknown[]} */
  const replies = [];
  const live = createLive({ send, onReply: (reply) => replies.push(reply), onTrouble: assert.fail });

  for (const question of ["a", "b", "c"]) live.ask(question);
  asked[0].answer("A");
  await settled();
  asked[1].answer("C");
  await settled();

  assert.deepEqual(
    asked.map(({ question }) => question),
    ["a", "c"],
  );
  assert.deepEqual(replies, ["A", "C"]);
});

test("an answer to a dropped question is not heard", async () => {
  const { asked, send } = heldServer();
  const live = createLive({ send, onReply: assert.fail, onTrouble: assert.fail });

  live.ask("a");
  live.drop();
  asked[0].answer("A");
  await settled();

  assert.ok(asked[0].signal.aborted);
});

test("a lost server is reported, and the newest question is asked again later", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, send } = heldServer();
  /** @type {unknown[]} */
  const troubles = [];
  const live = createLive({ send, onReply: () => {}, onTrouble: (error) => troubles.push(error) });

  live.ask("a");
  asked[0].fail(new TypeError("gone"));
  await settled();
  live.ask("b");
  assert.equal(asked.length, 1);
  context.mock.timers.tick(1000);
  await settled();

  assert.equal(troubles.length, 1);
  assert.deepEqual(
    asked.map(({ question }) => question),
    ["a", "b"],
  );
  live.drop();
});

test("a question that the server fails on is not asked again, and the next one is", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, send } = heldServer();
  /** @type {unknown[]} */
  const troubles = [];
  const live = createLive({ send, onReply: () => {}, onTrouble: (_, question) => troubles.push(question) });

  live.ask("a");
  asked[0].fail(new ProblemError("internal-error", 500, {}));
  await settled();
  context.mock.timers.tick(60_000);
  await settled();
  assert.equal(asked.length, 1);
  live.ask("b");

  assert.deepEqual(troubles, ["a"]);
  assert.deepEqual(
    asked.map(({ question }) => question),
    ["a", "b"],
  );
  live.drop();
});
