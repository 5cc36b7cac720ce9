/**
 * The colours of the page's theme, as a canvas needs them.
 */

import { divergingTable } from "../lib/colormaps.js";

/**
 * @typedef {object} Palette
 * @property {Uint32Array} table the diverging scale as pixels
 * @property {string} ink
 * @property {string} soft
 * @property {string} faint
 * @property {string} line
 * @property {string} background
 */

/** @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    table: divergingTable(token("--negative").split(/\s+/), token("--positive").split(/\s+/)),
    ink: token("--ink"),
    soft: token("--soft"),
    faint: token("--faint"),
    line: token("--line"),
    background: token("--bg"),
  };
}
