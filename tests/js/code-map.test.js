import assert from "node:assert/strict";
import { test } from "node:test";

import {
  classMedians,
  createAxes,
  createAxis,
  nearestPoint,
  placesOf,
  ticksOf,
} from "../../static/js/lib/explain/code-map.js";

const CROWDED = Float32Array.from([...Array(99).keys()].map((i) => (i - 49) / 10).concat([400]));

test("an axis leads from a value to its place and back, and holds every point", () => {
  const axis = createAxis(CROWDED);

  for (const value of [-4.9, -1, 0, 3.2, 400]) {
    assert.ok(Math.abs(axis.toValue(axis.toShare(value)) - value) < 1e-6 * Math.max(1, Math.abs(value)));
  }
  assert.ok(axis.toShare(-4.9) > 0 && axis.toShare(400) < 1);
});

test("one point far out does not squeeze the others: half of them keep a sixth of the axis, and not a hundredth", () => {
  const axis = createAxis(CROWDED);

  assert.ok(axis.toShare(2.5) - axis.toShare(-2.5) > 1 / 6, `${axis.toShare(2.5) - axis.toShare(-2.5)}`);
});

test("values that are all the same still have a place", () => {
  const share = createAxis(Float32Array.of(3, 3, 3)).toShare(3);

  assert.ok(share >= 0 && share <= 1, `${share}`);
});

test("the nearest point is that of the least distance in both numbers", () => {
  const points = Float32Array.of(0, 0, 10, 0, 0, 10);

  assert.equal(nearestPoint(points, [6, 1]), 1);
  assert.equal(nearestPoint(points, [1, 6]), 2);
  assert.equal(nearestPoint(new Float32Array(0), [1, 6]), -1);
});

test("a class stands at the median of its points, one without points nowhere", () => {
  const coordinates = Float32Array.of(0, 0, 1, 2, 9, 9, 5, 5);
  const places = placesOf(coordinates, createAxes(coordinates));

  const medians = classMedians(places, [0, 0, 0, 2], 3);

  assert.deepEqual(medians[0], [places[2], places[3]]);
  assert.equal(medians[1], null);
  assert.deepEqual(medians[2], [places[6], places[7]]);
});

test("ticks are round, lie on the axis and keep their distance", () => {
  const axis = createAxis(CROWDED);

  const ticks = ticksOf(axis, 0.1);

  assert.ok(ticks.includes(0));
  const shares = ticks.map(axis.toShare).sort((a, b) => a - b);
  assert.ok(shares[0] >= 0 && shares[shares.length - 1] <= 1);
  for (let i = 1; i < shares.length; i++) assert.ok(shares[i] - shares[i - 1] >= 0.1);
});
