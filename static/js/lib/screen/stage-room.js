/**
 * How much room the stage has beside the inspector, and how much of it a panel of its own form gets.
 */

/**
 * @typedef {import("./stage.js").Size} Size
 * @typedef {{stacked: boolean, line: number, terse: boolean}} Form `stacked`: layers stand one below the other; `line`: height of a line
 *   of small text; `terse`: a sheet of the inspector is open and takes the room of the words below the units
 */

const SHEET_LINES = 15.5; // of the inspector with an open sheet
const [MAPS_LINES, UNITS_LINES] = [9.5, 12.5]; // of the inspector without one
const OUTPUT_HEIGHT = 26;
const OUTPUT_HEIGHT_STACKED = 44;
const STANDARD_LINE = 16;

/**
 * @param {Pick<Form, "line" | "terse">} form
 * @param {boolean} hasMaps whether the network has layers of maps
 * @returns {number} height that the inspector takes, in CSS pixels
 */
export function inspectorHeight({ line, terse }, hasMaps) {
  if (terse) return line * SHEET_LINES;
  return line * (hasMaps ? MAPS_LINES : UNITS_LINES);
}

/**
 * @param {Form} form
 * @param {{host: number, output: number, sees: number}} widths of the stage, of the output's place, and of what the network sees
 * @param {boolean} isPicture whether the output is a picture: it is as large as what the network sees
 * @returns {Size}
 */
export function outputRoom({ stacked, line }, { host, output, sees }, isPicture) {
  if (stacked) return { width: host, height: isPicture ? host : OUTPUT_HEIGHT_STACKED };
  if (isPicture) return { width: sees, height: sees, words: output };
  return { width: output, height: OUTPUT_HEIGHT * (line / STANDARD_LINE) };
}

/**
 * @param {Form} form
 * @param {Size} stage
 * @param {boolean} isMaps
 * @returns {Size} for the canvas of a layer that has the whole stage
 */
export function enlargedRoom({ stacked, line, terse }, { width, height }, isMaps) {
  if (stacked) return { width, height: width };
  const head = 2 * line + 12;
  const foot = isMaps || terse ? 0 : 2 * line + 4;
  return { width, height: height - head - foot };
}
