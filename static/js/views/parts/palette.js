/**
 * The colours of the page's theme, as a canvas needs them.
 */

import { brightnessTable, divergingTable } from "../../lib/screen/colormaps.js";

/**
 * @typedef {object} Palette
 * @property {Uint32Array} table the diverging scale as pixels
 * @property {Uint32Array} brightness a scale for pictures, black up to zero
 * @property {string[]} classes a colour for each of ten classes, told apart by colour-blind eyes too
 * @property {string} ink
 * @property {string} soft
 * @property {string} faint
 * @property {string} line
 * @property {string} background of the page
 * @property {string} panel what stands on it
 */

/** @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    table: divergingTable(token("--negative").split(/\s+/), token("--positive").split(/\s+/)),
    brightness: brightnessTable(),
    classes: token("--classes").split(/\s+/),
    ink: token("--ink"),
    soft: token("--soft"),
    faint: token("--faint"),
    line: token("--line"),
    background: token("--bg"),
    panel: token("--panel"),
  };
}
