/**
 * From the pad's pixels to the picture that is sent: the inked region in grey, or the whole sheet of paper in colour.
 */

import { colourBmp, cutRegion, greyBmp, inkRegion } from "./bmp.js";

const MARGIN = 16; // pixels kept around the ink, so that the server can still tell the ink from its paper

/**
 * @param {Uint8ClampedArray} rgba of a square, transparent where nothing is drawn
 * @param {number} side in pixels
 * @param {boolean} inColour whether it is paint on white paper, and not white ink on black
 * @returns {Uint8Array<ArrayBuffer> | null} a BMP file; null where nothing is drawn
 */
export function rasterBmp(rgba, side, inColour) {
  const grey = new Uint8Array(side * side);
  for (let i = 0; i < grey.length; i++) grey[i] = rgba[4 * i + 3];
  const region = inkRegion(grey, side, side, MARGIN);
  if (!region) return null;
  if (inColour) return colourBmp(onWhitePaper(rgba), side, side);
  return greyBmp(cutRegion(grey, side, region), region.width, region.height);
}

/**
 * @param {Uint8ClampedArray} rgba with alpha
 * @returns {Uint8ClampedArray} the same on white
 */
export function onWhitePaper(rgba) {
  const flat = new Uint8ClampedArray(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const cover = rgba[i + 3] / 255;
    for (let channel = 0; channel < 3; channel++) flat[i + channel] = rgba[i + channel] * cover + 255 * (1 - cover);
  }
  return flat;
}
