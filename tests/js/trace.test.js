import assert from "node:assert/strict";
import { test } from "node:test";

import {
  affineSum,
  channelValues,
  columnOf,
  decimalsFor,
  roundedToSum,
  sharesOf,
  spotOf,
  sumOfChannels,
  threadsOf,
  threadsThrough,
} from "../../static/js/lib/explain/trace.js";

const NOTHING = { count: 0, sum: 0 };
const unit = (address, value, sources = []) => ({ ...address, activation: 1, value, sources, rest: NOTHING, bias: 0 });
const level = (layer, shape, units) => ({ layer, shape, units, rest: NOTHING, bias: 0, residual: 0 });
const u = (number, value) => ({ unit: number, value });
const TRACE = {
  levels: [
    level("output", [2], [unit({ unit: 1 }, 6, [u(4, 4), u(2, -3), u(9, 1)])]),
    level(
      "hidden",
      [10],
      [
        unit({ unit: 4 }, 4, [
          { row: 0, column: 1, value: 3 },
          { row: 1, column: 0, value: 0.5 },
        ]),
        unit({ unit: 2 }, -3, [{ row: 1, column: 1, value: -0.4 }]),
      ],
    ),
    level("normalization", [2, 2], [unit({ row: 0, column: 1 }, 3, [{ row: 0, column: 1, value: 2 }])]),
    level("input", [2, 2], [unit({ row: 0, column: 1 }, 2)]),
  ],
};
const ends = (threads) =>
  threads.map(({ from, to, value }) => [from.layer, from.spot.index, to.layer, to.spot.index, value]);

test("a place in maps, in a grey picture and in a row of units is a spot", () => {
  assert.deepEqual(spotOf({ row: 2, column: 3, channel: 5 }, [15, 15, 32]), {
    index: (2 * 15 + 3) * 32 + 5,
    channel: 5,
    row: 2,
    column: 3,
  });
  assert.deepEqual(spotOf({ row: 2, column: 3 }, [28, 28]), { index: 59, channel: 0, row: 2, column: 3 });
  assert.deepEqual(spotOf({ unit: 7 }, [512]), { index: 7, channel: 7, row: 0, column: 0 });
});

test("threads lead from the class through units to pixels, past a layer without a place", () => {
  const threads = threadsOf(sharesOf(TRACE, ["normalization"]), 9);

  assert.deepEqual(ends(threads), [
    ["output", 1, "hidden", 4, 4],
    ["output", 1, "hidden", 2, -3],
    ["hidden", 4, "input", 1, 3],
    ["hidden", 2, "input", 3, -0.4],
    ["hidden", 4, "input", 2, 0.5],
  ]);
});

test("where few are drawn, every unit that is reached still leads on", () => {
  const threads = threadsOf(sharesOf(TRACE, ["normalization"]), 2);

  assert.deepEqual(
    ends(threads).map(([, from, , to]) => [from, to]),
    [
      [1, 4],
      [1, 2],
      [4, 1],
      [2, 3],
    ],
  );
});

test("a thread is as wide as its share of the largest in its step", () => {
  const [above, below] = sharesOf(TRACE, ["normalization"]);

  assert.deepEqual(
    above.map(({ share }) => share),
    [1, 3 / 4, 1 / 4],
  );
  assert.equal(below[0].share, 1);
});

test("the threads of a unit go to the answer and to the ink, and not through others", () => {
  const shares = sharesOf(TRACE, ["normalization"]);
  const place = { layer: "hidden", spot: spotOf({ unit: 2 }, [10]) };

  const through = threadsThrough(shares, threadsOf(shares, 9), place);

  assert.deepEqual(ends(through), [
    ["output", 1, "hidden", 2, -3],
    ["hidden", 2, "input", 3, -0.4],
  ]);
});

test("a unit that the trace does not name has no threads", () => {
  const shares = sharesOf(TRACE);

  assert.deepEqual(
    threadsThrough(shares, threadsOf(shares, 9), { layer: "hidden", spot: spotOf({ unit: 7 }, [10]) }),
    [],
  );
});

test("rounded numbers add up to the rounded total, each next to its own value", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647 - 0.5;
  };
  for (let round = 0; round < 200; round++) {
    const values = Array.from({ length: 1 + (round % 12) }, () => random() * 10 ** (round % 4));
    const total = values.reduce((sum, each) => sum + each, 0);

    const rounded = roundedToSum(values, total, 3);

    assert.equal(Math.round(rounded.reduce((sum, each) => sum + each, 0) * 1000), Math.round(total * 1000));
    for (const [i, each] of rounded.entries()) assert.ok(Math.abs(each - values[i]) < 0.001 + 1e-9);
  }
});

test("three thirds print as one whole", () => {
  assert.deepEqual(roundedToSum([1 / 3, 1 / 3, 1 / 3], 1, 2), [0.34, 0.33, 0.33]);
});

test("nothing is printed as less than nothing", () => {
  assert.ok(Object.is(roundedToSum([-0.0001, 0.4002], 0.4001, 3)[0], 0));
});

test("a column's numbers add up to the logit as it is printed, however few entries there is room for", () => {
  const units = [4.12345, -2.98765, 1.55555, 0.33333].map((value, i) => unit({ unit: i }, value));
  const logit = 4.12345 - 2.98765 + 1.55555 + 0.33333 + 10.00449 + 0.70707 + 1e-6;
  for (const most of [1, 3, 9]) {
    const column = columnOf(
      { ...level("hidden", [512], units), rest: { count: 508, sum: 10.00449 }, bias: 0.70707, residual: 1e-6 },
      logit,
      most,
    );

    const printed = [...column.entries.map((entry) => entry.printed), column.rest.printed, column.bias];
    assert.equal(printed.reduce((sum, each) => sum + each, 0).toFixed(3), logit.toFixed(3));
    assert.equal(column.rest.count + column.entries.length, 512);
  }
});

test("a logit is printed in four digits and three decimals at least", () => {
  assert.deepEqual([13.2, 1.5, -0.31, 0.0042, 0].map(decimalsFor), [3, 3, 4, 6, 3]);
});

test("pixels and biases add up to the logit as it is printed", () => {
  const affine = {
    weights: { shape: [2], values: [] },
    products: { shape: [2], values: [1.23456, 2.11111] },
    constant: 0.66666,
    residual: 2e-7,
  };
  const logit = 1.23456 + 2.11111 + 0.66666 + 2e-7;

  const { pixels, biases } = affineSum({
    logit,
    affine,
    biases: [
      { layer: "output", value: 0.33333 },
      { layer: "hidden", value: 0.33333 },
    ],
  });

  assert.equal((pixels + biases[0].printed + biases[1].printed).toFixed(3), logit.toFixed(3));
  assert.deepEqual(
    biases.map(({ layer }) => layer),
    ["output", "hidden"],
  );
});

test("a pixel's colours are taken apart, and their sums are one value a pixel", () => {
  const values = [1, 2, 3, 40, 50, 60];

  assert.deepEqual(channelValues(values, 1, 3), [2, 50]);
  assert.deepEqual(sumOfChannels(values, 3), [6, 150]);
  assert.deepEqual(sumOfChannels(values, 1), values);
});
