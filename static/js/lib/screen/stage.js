/**
 * Which layer stands where. The plan follows from the card alone, the sizes from the plan and the room there is.
 *
 * A chain of layers becomes blocks. A block of maps ends at its pooling; a layer of units is a block of its own. What has
 * no values of its own (dropout, flatten) is a rule at the end of the block before it. The last layer of units answers.
 */

import { fitUnits } from "./grid.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 *
 * @typedef {object} Block
 * @property {"maps" | "units"} form
 * @property {LayerCard[]} panels
 * @property {LayerCard[]} rules
 *
 * @typedef {object} Plan
 * @property {Block[]} blocks
 * @property {LayerCard | null} output the layer whose activations are the answer
 *
 * @typedef {{width: number, height: number, words?: number, narrow?: boolean}} Size in CSS pixels; `words`: the width for these, where it is
 *   another; `narrow`: the shortest of them whatever the width
 *
 * @typedef {{line: number, terse?: boolean}} Text height of a line of small text; whether the words below units are left out
 *
 * @typedef {object} Fit
 * @property {Map<string, Size>} panels room for each panel's canvas, by layer name
 * @property {number} sees side of the picture of what the network sees, where it stands in the stage
 * @property {number} height of the stage
 * @property {number} [gap] between maps that stand beside each other, and between the last of them and what follows
 */

/** Where layers stand one below the other; the style sheets hold the same limit. */
export const STACKED = "(max-width: 999px)";

const GAP = 16;
const BETWEEN_UNITS = 28; // room for what leads from layer to layer
const BETWEEN_BLOCKS = 8;
const STRIP_WIDTH = 68; // units beside maps stand in a narrow strip
const TALLEST = 2; // times as high as wide: a layer of units is a sheet, not a strip, as long as its cells can be told apart
const SMALLEST_CELL = 4;
const MOST_ALIKE = 5; // layers of units that share the width evenly; of more the small ones leave theirs to the large ones
const LEAST_COLUMN = 3.35; // lines of small text: the width of the shortest words
const CHAIN_GAP = 12; // the style sheet holds it too
const [SEES_WORDS, SEES_WORDS_FROM] = [10.7, 600]; // the words over what the network sees, in lines; in a stage less wide they wrap
const LARGEST_CHAIN_CELL = 16;

/**
 * @param {Text} text
 * @returns heights of the words around a panel's canvas: two lines above and 8 px, a line of rules, two lines below units unless
 *   those leave their room to the inspector
 */
const wordsAround = ({ line, terse }) => ({
  head: 2 * line + 8,
  rule: line + 4,
  foot: terse ? 4 : 2 * line + 4,
  stripFoot: 5 * line + 8,
});

/**
 * @param {LayerCard[]} layers in the network's order
 * @returns {Plan}
 */
export function planStage(layers) {
  const shown = layers.filter((layer) => layer.kind !== "input" && layer.kind !== "normalization");
  const last = shown.at(-1);
  const output = last?.kind === "dense" ? last : null;
  /** @type {Block[]} */
  const blocks = [];
  let open = false; // whether the next layer of maps still belongs to the last block
  for (const layer of output ? shown.slice(0, -1) : shown) {
    const form = layer.shape.length === 3 ? "maps" : "units";
    const current = blocks.at(-1);
    if (layer.kind === "dropout" || layer.kind === "flatten") {
      if (current) current.rules.push(layer);
      else blocks.push({ form, panels: [], rules: [layer] });
    } else if (current && open && form === "maps" && current.form === "maps") {
      current.panels.push(layer);
      open = layer.kind !== "pooling";
    } else {
      blocks.push({ form, panels: [layer], rules: [] });
      open = form === "maps" && layer.kind !== "pooling";
    }
  }
  return { blocks, output };
}

/**
 * @param {Plan} plan
 * @param {Size} room
 * @param {Text & {seesSide: number, stacked: boolean}} options `seesSide`: pixels a side of the network's input
 * @returns {Fit}
 */
export function fitStage(plan, room, { seesSide, stacked, ...text }) {
  if (stacked) return fitStacked(plan, room);
  const maps = plan.blocks.filter((block) => block.form === "maps");
  return maps.length ? fitMapBlocks(plan, maps, room, text) : fitUnitBlocks(plan, room, seesSide, text);
}

/**
 * @param {Plan} plan
 * @param {Size} room
 * @returns {Fit} every panel over the full width, one below the other
 */
function fitStacked(plan, room) {
  /** @type {Map<string, Size>} */
  const panels = new Map();
  for (const { form, panels: layers } of plan.blocks) {
    for (const layer of layers) {
      panels.set(layer.name, { width: room.width, height: Math.round(room.width * (form === "maps" ? 1 : 0.5)) });
    }
  }
  return { panels, sees: 0, height: 0 };
}

/**
 * @param {Plan} plan
 * @param {Block[]} maps
 * @param {Size} room
 * @param {Text} text
 * @returns {Fit} blocks of maps as rows, layers of units as narrow strips at their right
 */
function fitMapBlocks(plan, maps, room, text) {
  const { head, rule, stripFoot } = wordsAround(text);
  const strips = plan.blocks.filter((block) => block.form === "units");
  const most = Math.max(1, ...maps.map((block) => block.panels.length));
  const stripWidth = Math.round(STRIP_WIDTH * Math.max(1, room.height / 600));
  const forMaps = room.width - strips.length * (stripWidth + GAP) - (most - 1) * GAP;
  const rowHeight = (room.height - (maps.length - 1) * BETWEEN_BLOCKS) / maps.length;
  const side = Math.floor(Math.max(40, Math.min(forMaps / most, rowHeight - head - rule)));
  const height = maps.length * (head + side + rule) + (maps.length - 1) * BETWEEN_BLOCKS;
  /** @type {Map<string, Size>} */
  const panels = new Map();
  for (const block of maps) for (const layer of block.panels) panels.set(layer.name, { width: side, height: side });
  for (const block of strips) {
    for (const layer of block.panels) panels.set(layer.name, { width: stripWidth, height: height - head - stripFoot });
  }
  const spare = strips.length ? forMaps - most * side : 0;
  return { panels, sees: 0, height, gap: GAP + Math.max(0, Math.floor(spare / most)) };
}

/**
 * @param {Plan} plan
 * @param {Size} room
 * @param {number} seesSide
 * @param {Text} text
 * @returns {Fit} what the network sees, then the layers side by side
 */
function fitUnitBlocks(plan, room, seesSide, text) {
  const { head, rule, foot } = wordsAround(text);
  const layers = plan.blocks.flatMap((block) => block.panels);
  const sees = seesSide * Math.max(3, Math.floor((room.width * 0.2) / seesSide));
  if (layers.length > MOST_ALIKE) return fitChain(layers, room, sees, text);
  const width = Math.floor((room.width - sees) / Math.max(1, layers.length)) - BETWEEN_UNITS;
  const most = room.height - head - foot - rule;
  const grids = layers.map(({ shape: [count] }) => {
    const sheet = fitUnits(count, width, Math.min(most, width * TALLEST));
    return sheet.pitchX < SMALLEST_CELL ? fitUnits(count, width, most) : sheet;
  });
  const height = Math.max(0, ...grids.map((grid) => grid.height));
  const panels = new Map(layers.map((layer, i) => [layer.name, { width: grids[i].width, height }]));
  return { panels, sees, height: head + height + foot + rule };
}

/**
 * @param {LayerCard[]} layers
 * @param {Size} room
 * @param {number} sees
 * @param {Text} text
 * @returns {Fit} many layers side by side, all cells of one size, so that a layer is as wide as it has units; a few units may be larger
 */
function fitChain(layers, room, sees, text) {
  const { head, rule, stripFoot } = wordsAround(text);
  const foot = text.terse ? 4 : stripFoot;
  const beside = room.width < SEES_WORDS_FROM ? sees : Math.max(sees, SEES_WORDS * text.line);
  const [width, most] = [room.width - beside - layers.length * CHAIN_GAP, room.height - head - foot - rule];
  const column = Math.min(LEAST_COLUMN * text.line, Math.floor(width / layers.length));
  const wordsOf = (/** @type {{width: number}} */ size) => Math.max(column, size.width);
  let sizes = layers.map(() => ({ width: column, height: most }));
  for (let cell = LARGEST_CHAIN_CELL; cell >= 1; cell--) {
    sizes = layers.map(({ shape: [count] }) => {
      const columns = fullColumns(count, Math.max(1, Math.floor(most / cell)));
      return { width: columns === 1 ? column : columns * cell, height: Math.ceil(count / columns) * cell };
    });
    if (sizes.reduce((sum, size) => sum + wordsOf(size), 0) <= width) break;
  }
  const height = Math.max(0, ...sizes.map((size) => size.height));
  const panels = new Map(
    layers.map(({ name }, i) => [name, { width: sizes[i].width, height, words: wordsOf(sizes[i]), narrow: true }]),
  );
  return { panels, sees, height: head + height + foot + rule };
}

/** @type {(count: number, rows: number) => number} the fewest columns in which units stand in so many rows, full ones where it can be */
function fullColumns(count, rows) {
  const least = Math.ceil(count / rows);
  for (let columns = least; columns < 2 * least; columns++) if (count % columns === 0) return columns;
  return least;
}
