import assert from "node:assert/strict";
import { test } from "node:test";

import { addressAt, isWithin, sourceOf, spotOf, weightAt } from "../../static/js/lib/explain/addresses.js";
import { decimalsFor, printedSum, sumsByMap } from "../../static/js/lib/explain/sum.js";
import { formatDecimals } from "../../static/js/lib/screen/format.js";

/** @param {number[]} values */
const terms = (values) => values.map((value) => ({ input: 1, weight: value, value }));

/** Numbers as they are printed, so that what is added is what a person reads. */
function column(sum) {
  return [sum.supportingSum, sum.opposingSum, sum.rest.sum, sum.bias].map((each) => Number(each.toFixed(sum.decimals)));
}

const close = (a, b, decimals) => assert.equal(a.toFixed(decimals), b.toFixed(decimals));

test("whatever is added up, the printed column comes to the printed value", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return (seed / 2147483647 - 0.5) * 4;
  };
  for (let round = 0; round < 500; round++) {
    const values = Array.from({ length: 30 }, random);
    const bias = random();
    const explained = {
      supporting: terms(
        values
          .filter((each) => each > 0)
          .sort((a, b) => b - a)
          .slice(0, 10),
      ),
      opposing: terms(
        values
          .filter((each) => each < 0)
          .sort((a, b) => a - b)
          .slice(0, 10),
      ),
      bias,
    };
    const given = [...explained.supporting, ...explained.opposing].reduce((sum, term) => sum + term.value, 0);
    const all = values.reduce((sum, each) => sum + each, 0);
    const count = 30 - explained.supporting.length - explained.opposing.length;
    const value = Math.fround(all + bias);
    const sum = printedSum({ ...explained, rest: { count, sum: all - given }, value }, 1 + (round % 10));

    const { decimals } = sum;
    close(
      column(sum).reduce((a, b) => a + b, 0),
      sum.value,
      decimals,
    );
    close(
      sum.supporting.reduce((a, b) => a + b, 0),
      sum.supportingSum,
      decimals,
    );
    close(
      sum.opposing.reduce((a, b) => a + b, 0),
      sum.opposingSum,
      decimals,
    );
    assert.equal(sum.rest.count, 30 - sum.supporting.length - sum.opposing.length);
    for (const [i, each] of sum.supporting.entries()) {
      assert.ok(Math.abs(each - explained.supporting[i].value) <= 0.5001 * 10 ** -decimals);
    }
    assert.ok(Math.abs(sum.value - value) <= 0.5001 * 10 ** -decimals);
  }
});

test("a term that is not listed is counted among the others", () => {
  const explained = {
    supporting: terms([3, 2, 1]),
    opposing: terms([-4, -1]),
    rest: { count: 10, sum: 0.5 },
    bias: 0.25,
    value: 1.75,
  };

  const sum = printedSum(explained, 2);

  assert.deepEqual(sum.supporting, [3, 2]);
  assert.deepEqual(sum.opposing, [-4, -1]);
  assert.deepEqual(sum.rest, { count: 11, sum: 1.5 });
});

test("where every term is listed, the largest takes up what rounding leaves", () => {
  const explained = {
    supporting: terms([0.33344]),
    opposing: terms([-2.11144]),
    rest: { count: 0, sum: 0 },
    bias: 0.00044,
    value: -1.77756,
  };

  const sum = printedSum(explained, 4);

  assert.equal(sum.rest.sum, 0);
  assert.deepEqual([sum.supportingSum, sum.opposingSum, sum.bias, sum.value], [0.333, -2.111, 0, -1.778]);
});

test("small numbers are printed to more decimals, large ones to three", () => {
  assert.equal(decimalsFor([0.0123, -0.004]), 5);
  assert.equal(decimalsFor([123.4]), 3);
  assert.equal(decimalsFor([1e-12]), 7);
  assert.equal(decimalsFor([0]), 3);
});

test("numbers of a column have their sign, and zero has none", () => {
  assert.deepEqual(
    [0.5, -0.5, 0, -0.0001].map((each) => formatDecimals(each, "en", 3, true)),
    ["+0.500", "−0.500", "0.000", "0.000"],
  );
  assert.equal(formatDecimals(-1.5, "pl", 2), "−1,50");
});

test("input maps add what their place in the window adds", () => {
  assert.deepEqual([...sumsByMap({ shape: [1, 2, 3], values: [1, 2, 3, 10, 20, -3] })], [11, 22, 0]);
});

test("an address and a place in flat values are the same thing", () => {
  for (const shape of [[5], [4, 3], [4, 3, 2]]) {
    for (let index = 0; index < shape.reduce((a, b) => a * b, 1); index++) {
      assert.equal(spotOf(addressAt(index, shape), shape).index, index);
    }
  }
  assert.deepEqual(addressAt(7, [4, 3]), { row: 2, column: 1 });
});

test("a weight of a window meets its input, and the padding meets none", () => {
  const explained = {
    source: { layer: "conv_1", shape: [4, 4, 2] },
    window: { row: -1, column: 2, rows: 3, columns: 3, padding: { top: 1, bottom: 0, left: 0, right: 1 } },
    weights: { shape: [3, 3, 2], values: [] },
  };

  assert.deepEqual(sourceOf(explained, 0), { row: -1, column: 2, channel: 0 });
  assert.deepEqual(sourceOf(explained, 9), { row: 0, column: 3, channel: 1 });
  assert.equal(weightAt(explained, { row: 0, column: 3, channel: 1 }), 9);
  assert.equal(weightAt(explained, { row: 3, column: 3, channel: 1 }), null);
  assert.deepEqual(
    [0, 9, 10].map((index) => isWithin(sourceOf(explained, index), [4, 4, 2])),
    [false, true, false],
  );
});
