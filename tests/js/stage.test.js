import assert from "node:assert/strict";
import { test } from "node:test";

import { fitStage, planStage } from "../../static/js/lib/screen/stage.js";

/** @param {number[]} units of layers that follow each other, the last of them the answer */
const planOf = (units) =>
  planStage(
    units.map((count, i) => ({
      name: `hidden_${i}`,
      kind: "dense",
      shape: [count],
      parameters: 0,
      activation: "relu",
      options: {},
    })),
  );
const ROOM = { width: 728, height: 430 };
const OPTIONS = { seesSide: 28, stacked: false, line: 16 };

test("layers whose cells can be told apart stand as sheets of one height", () => {
  const fit = fitStage(planOf([512, 512, 512, 10]), ROOM, OPTIONS);

  for (const { width, height } of fit.panels.values()) assert.ok(height <= 2.1 * width);
});

test("a layer of thousands of units takes the whole height before its cells become too small", () => {
  const fit = fitStage(planOf([2500, 2000, 10]), { ...ROOM, width: 400 }, OPTIONS);
  const first = fit.panels.get("hidden_0");

  assert.ok(first && first.height > 2.5 * first.width, JSON.stringify(first));
  assert.ok(fit.height <= ROOM.height);
});

test("of many layers each is as wide as it has units, their cells alike, and a few units stand large", () => {
  const { panels } = fitStage(planOf([512, 256, 128, 2, 128, 256, 512, 10]), { width: 720, height: 430 }, OPTIONS);
  const sizes = [...panels.values()];
  const words = sizes.reduce((sum, size) => sum + (size.words ?? 0), 0);

  assert.equal(sizes[0].width, 2 * sizes[1].width);
  assert.equal(sizes[1].width, 2 * sizes[2].width);
  assert.ok(sizes[3].width >= 40, JSON.stringify(sizes[3]));
  assert.ok(words + 7 * 12 + 171 <= 720, `${words}`);
});
