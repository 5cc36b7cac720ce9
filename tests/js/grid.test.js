import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fitMaps,
  fitUnits,
  indexOf,
  mapOrder,
  spotAfter,
  spotAt,
  spotUnder,
  tileOf,
  valueRect,
} from "../../static/js/lib/screen/grid.js";

test("every layer fits the room it is given", () => {
  for (const [width, height] of [
    [300, 150],
    [68, 500],
    [390, 195],
    [1200, 600],
  ]) {
    for (const count of [10, 64, 512]) {
      const grid = fitUnits(count, width, height);
      assert.ok(grid.width <= width && grid.height <= height, `${count} units in ${width} × ${height}`);
      assert.ok(grid.columns * grid.rows >= count);
    }
  }
});

test("maps keep their proportions and fit the room", () => {
  const grid = fitMaps([32, 32, 32], 400, 300, 2);

  assert.equal(grid.pitchX, grid.pitchY);
  assert.ok(grid.width <= 400 && grid.height <= 300);
});

test("kernels stand apart by a third of a weight, maps of many values by a line", () => {
  const kernels = fitMaps([3, 3, 64], 740, 500);
  assert.ok(Math.abs(kernels.gap - (kernels.pitchX - kernels.gap) / 9) <= 1, `a gap of ${kernels.gap}`);
  assert.ok(kernels.width <= 740 && kernels.height <= 500);

  assert.equal(fitMaps([32, 32, 32], 204, 204).gap, 1);
});

test("pointing at a value finds it again, for units and for maps", () => {
  for (const grid of [fitUnits(512, 300, 300), fitMaps([6, 6, 64], 420, 420)]) {
    const count = grid.count * grid.mapRows * grid.mapColumns;
    for (let index = 0; index < count; index += 7) {
      const spot = spotAt(grid, index);
      const tile = tileOf(grid, spot);
      const x = tile.x + ((spot.column + 0.5) * tile.width) / grid.mapColumns;
      const y = tile.y + ((spot.row + 0.5) * tile.height) / grid.mapRows;
      assert.deepEqual(spotUnder(grid, x, y), spot);
      assert.equal(indexOf(grid, spot), index);
    }
  }
});

test("nothing stands outside the canvas", () => {
  const grid = fitUnits(10, 100, 100);

  assert.equal(spotUnder(grid, -1, 0), null);
  assert.equal(spotUnder(grid, grid.width + 1, 0), null);
  assert.equal(spotUnder(grid, 0, grid.height + 1), null);
});

test("an arrow leads over a map's edge into the next map, and not out of the layer", () => {
  const grid = { ...fitMaps([2, 2, 4], 100, 100), columns: 2, rows: 2 };
  const lastOfFirstMap = spotAt(grid, indexOf(grid, { channel: 0, row: 0, column: 1 }));

  assert.deepEqual(
    spotAfter(grid, lastOfFirstMap, "ArrowRight"),
    spotAt(grid, indexOf(grid, { channel: 1, row: 0, column: 0 })),
  );
  assert.equal(spotAfter(grid, lastOfFirstMap, "ArrowUp"), null);
  assert.equal(spotAfter(grid, lastOfFirstMap, "x"), null);
  assert.equal(spotAfter(grid, lastOfFirstMap, "End")?.index, 15);
});

test("a map's values are taken out of the channels-last order", () => {
  const grid = fitMaps([2, 2, 3], 100, 100);

  assert.deepEqual([...mapOrder(grid, 1)], [1, 4, 7, 10]);
});

test("a value of a map is its part of the tile, a unit its whole cell", () => {
  const maps = fitMaps([4, 4, 2], 200, 100);
  const spot = { index: 0, channel: 1, row: 3, column: 2 };
  const [tile, value] = [tileOf(maps, spot), valueRect(maps, spot)];

  assert.equal(value.width, tile.width / 4);
  assert.equal(value.x, tile.x + tile.width / 2);
  assert.equal(value.y + value.height, tile.y + tile.height);
  const units = fitUnits(12, 200, 100);
  assert.deepEqual(valueRect(units, spotAt(units, 5)), tileOf(units, spotAt(units, 5)));
});
