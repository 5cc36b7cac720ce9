/**
 * An outline around one value on the canvas of a layer, and around its whole map where it is one of many.
 */

import { tileOf, valueRect } from "../../lib/screen/grid.js";

/**
 * @typedef {import("../../lib/screen/grid.js").Grid} Grid
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 */

const LEAST_CELL = 4; // lines of the outline; a smaller value has no outline of its own

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Spot} spot
 * @param {"--ink" | "--accent"} colour
 */
export function outlineSpot(context, grid, spot, colour) {
  const { canvas } = context;
  const line = Math.max(1, Math.round(devicePixelRatio));
  const style = getComputedStyle(canvas);
  const colours = [style.getPropertyValue("--bg"), style.getPropertyValue(colour)];
  const outline = (/** @type {{x: number, y: number, width: number, height: number}} */ { x, y, width, height }) => {
    for (const [i, wide] of [3 * line, 1.5 * line].entries()) {
      context.strokeStyle = colours[i];
      context.lineWidth = wide;
      context.strokeRect(x, y, width, height);
    }
  };
  outline(within(tileOf(grid, spot), canvas, line));
  const value = valueRect(grid, spot);
  if (grid.mapRows * grid.mapColumns > 1 && value.width >= LEAST_CELL * line) outline(value);
}

/** @type {(tile: ReturnType<typeof tileOf>, canvas: HTMLCanvasElement, inset: number) => ReturnType<typeof tileOf>} a line at the edge would be cut */
function within(tile, canvas, inset) {
  const [x, y] = [Math.max(tile.x, inset), Math.max(tile.y, inset)];
  const width = Math.min(tile.width, canvas.width - x - inset);
  return { x, y, width, height: Math.min(tile.height, canvas.height - y - inset) };
}
