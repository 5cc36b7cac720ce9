/**
 * A layer's cells or tiles painted onto a canvas, each value in its colour.
 */

import { tileOf } from "../../lib/screen/grid.js";
import { context2d, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/screen/grid.js").Grid} Grid
 *
 * @typedef {object} Picture
 * @property {Grid} grid
 * @property {(place: number, pixels: Uint32Array) => void} fill write the pixels of the map at a place, or with -1 all units' at once
 * @property {number[]} [struck] places of units or maps that are switched off
 */

/** @param {HTMLCanvasElement} canvas */
export function createGridPainter(canvas) {
  const context = context2d(canvas);
  const bitmap = document.createElement("canvas");
  const bitmapContext = context2d(bitmap);

  /** @param {Picture} picture */
  function paintUnits({ grid, fill }) {
    sizeCanvas(bitmap, grid.columns, grid.rows);
    const pixels = new Uint32Array(grid.columns * grid.rows);
    fill(-1, pixels);
    bitmapContext.putImageData(imageOf(pixels, grid.columns, grid.rows), 0, 0);
    context.drawImage(bitmap, 0, 0, grid.width, grid.height);
    if (!grid.gap) return;
    for (let x = grid.pitchX; x <= grid.width; x += grid.pitchX)
      context.clearRect(x - grid.gap, 0, grid.gap, grid.height);
    for (let y = grid.pitchY; y <= grid.height; y += grid.pitchY)
      context.clearRect(0, y - grid.gap, grid.width, grid.gap);
  }

  /** @param {Picture} picture */
  function paintMaps({ grid, fill }) {
    sizeCanvas(bitmap, grid.mapColumns, grid.mapRows);
    const pixels = new Uint32Array(grid.mapColumns * grid.mapRows);
    const image = imageOf(pixels, grid.mapColumns, grid.mapRows);
    for (let place = 0; place < grid.count; place++) {
      fill(place, pixels);
      bitmapContext.putImageData(image, 0, 0);
      const tile = tileOf(grid, { channel: place });
      context.imageSmoothingEnabled = tile.width < grid.mapColumns; // more values than pixels: their mean, not every other one
      context.drawImage(bitmap, tile.x, tile.y, tile.width, tile.height);
    }
  }

  /** @type {(grid: Grid, places: number[]) => void} a diagonal line through what is switched off */
  function strike(grid, places) {
    const style = getComputedStyle(canvas);
    const width = Math.max(1, Math.min(Math.round(1.5 * devicePixelRatio), grid.pitchX / 4));
    for (const [colour, line] of /** @type {[string, number][]} */ ([
      ["--bg", 3 * width],
      ["--ink", width],
    ])) {
      context.strokeStyle = style.getPropertyValue(colour);
      context.lineWidth = line;
      context.beginPath();
      for (const channel of places) {
        const { x, y, width: across, height: down } = tileOf(grid, { channel });
        context.moveTo(x, y + down);
        context.lineTo(x + across, y);
      }
      context.stroke();
    }
  }

  return {
    context,
    /** @param {Picture} picture in device pixels: the canvas takes its size */
    paint(picture) {
      const { grid } = picture;
      sizeCanvas(canvas, grid.width, grid.height, devicePixelRatio);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.imageSmoothingEnabled = false;
      if (grid.mapRows * grid.mapColumns === 1) paintUnits(picture);
      else paintMaps(picture);
      if (picture.struck?.length) strike(grid, picture.struck);
    },
  };
}
