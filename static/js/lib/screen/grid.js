/**
 * How the values of one layer stand on its canvas: units as square cells, maps as tiles. All lengths are device pixels.
 */

/**
 * @typedef {object} Grid
 * @property {number} count units or channels
 * @property {number} mapRows 1 for units
 * @property {number} mapColumns 1 for units
 * @property {number} columns cells or tiles side by side
 * @property {number} rows
 * @property {number} pitchX from one cell or tile to the next
 * @property {number} pitchY
 * @property {number} gap left free at the right and lower edge of each
 * @property {number} width of the whole canvas
 * @property {number} height
 *
 * @typedef {{index: number, channel: number, row: number, column: number}} Spot a value and where it stands in its layer
 */

const LEAST_CELL_WITH_GAP = 4; // CSS pixels
const LARGEST_CELL = 40;
const MAP_GAP = 1 / 3; // of a value: what keeps small maps and kernels apart

/**
 * Units in as large cells as fit.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} ratio device pixels in a CSS pixel
 * @returns {Grid}
 */
export function fitUnits(count, width, height, ratio = 1) {
  /** @type {{cell: number, columns: number} | null} */
  let largest = null;
  for (let cell = Math.floor(Math.min(width, height, LARGEST_CELL * ratio)); cell >= 1; cell--) {
    const most = Math.floor(width / cell);
    const least = Math.ceil(count / Math.floor(height / cell));
    if (least > most) continue;
    const columns = evenColumns(count, least, most);
    largest ??= { cell, columns };
    if (count % columns === 0 && cell >= 0.7 * largest.cell) {
      largest = { cell, columns }; // full rows are worth somewhat smaller cells
      break;
    }
  }
  const { cell, columns } = largest ?? { cell: 1, columns: Math.max(1, Math.floor(width)) };
  const gap = cell >= LEAST_CELL_WITH_GAP * ratio ? Math.max(1, Math.round(ratio)) : 0;
  return gridOf({ count, mapRows: 1, mapColumns: 1, columns, pitchX: cell, pitchY: cell, gap });
}

/**
 * Units that are the pixels of a picture, row by row.
 * @param {number} count
 * @param {number} columns of the picture
 * @param {number} width
 * @param {number} height
 * @returns {Grid} without gaps: it is one picture
 */
export function fitPixels(count, columns, width, height) {
  const pitch = Math.max(1, Math.floor(Math.min(width / columns, height / Math.ceil(count / columns))));
  return gridOf({ count, mapRows: 1, mapColumns: 1, columns, pitchX: pitch, pitchY: pitch, gap: 0 });
}

/**
 * @param {number} count
 * @param {number} least
 * @param {number} most
 * @returns {number} a number of columns that fills every row if there is one, else a multiple of four if there is one
 */
function evenColumns(count, least, most) {
  for (let columns = most; columns >= least; columns--) if (count % columns === 0) return columns;
  for (let columns = most; columns >= least; columns--) if (columns % 4 === 0) return columns;
  return least;
}

/**
 * Maps in as large tiles as fit.
 * @param {number[]} shape `[rows, columns, channels]`
 * @param {number} width
 * @param {number} height
 * @param {number} ratio device pixels in a CSS pixel
 * @returns {Grid}
 */
export function fitMaps([mapRows, mapColumns, count], width, height, ratio = 1) {
  const least = Math.max(1, Math.round(ratio));
  let best = { columns: 1, scale: 0 };
  const scaleIn = (/** @type {number} */ pitch, /** @type {number} */ values) =>
    Math.min((pitch - least) / values, pitch / (values + MAP_GAP));
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(
      scaleIn(Math.floor(width / columns), mapColumns),
      scaleIn(Math.floor(height / rows), mapRows),
    );
    if (scale > best.scale) best = { columns, scale };
  }
  const gap = Math.max(least, Math.floor(best.scale * MAP_GAP));
  const size = (/** @type {number} */ values) => Math.max(1, Math.floor(best.scale * values + 1e-6));
  const [pitchX, pitchY] = [size(mapColumns) + gap, size(mapRows) + gap];
  return gridOf({ count, mapRows, mapColumns, columns: best.columns, pitchX, pitchY, gap });
}

/**
 * One map alone, every value as large as any other.
 * @param {number[]} shape `[rows, columns]`
 * @param {number} width
 * @param {number} height
 * @returns {Grid}
 */
export function fitMap([mapRows, mapColumns], width, height) {
  const cell = Math.max(1, Math.floor(Math.min(width / mapColumns, height / mapRows)));
  return gridOf({
    count: 1,
    mapRows,
    mapColumns,
    columns: 1,
    pitchX: mapColumns * cell,
    pitchY: mapRows * cell,
    gap: 0,
  });
}

/**
 * Units in rows of a given length.
 * @param {number} count
 * @param {number} columns
 * @param {number} width
 * @param {number} height
 * @param {number} ratio device pixels in a CSS pixel
 * @returns {Grid}
 */
export function fitRows(count, columns, width, height, ratio = 1) {
  const cell = Math.max(
    1,
    Math.floor(Math.min(width / columns, height / Math.ceil(count / columns), LARGEST_CELL * ratio)),
  );
  const gap = cell >= LEAST_CELL_WITH_GAP * ratio ? Math.max(1, Math.round(ratio)) : 0;
  return gridOf({ count, mapRows: 1, mapColumns: 1, columns, pitchX: cell, pitchY: cell, gap });
}

/**
 * @param {{x: number, y: number}[]} places of units, by their number
 * @returns {{order: Int32Array, columns: number}} the units as one reads them, row by row, and how many stand in a row
 */
export function readingOrder(places) {
  const order = Int32Array.from(places.keys()).sort((a, b) => places[a].y - places[b].y || places[a].x - places[b].x);
  const top = places[order[0]].y;
  return { order, columns: places.filter(({ y }) => y === top).length };
}

/**
 * @param {number[]} shape `[rows, columns, channels]`
 * @returns {Grid} one map below the other, a pixel a value: an order of values without a place on the screen
 */
export function mapsGrid([mapRows, mapColumns, count]) {
  return gridOf({ count, mapRows, mapColumns, columns: 1, pitchX: mapColumns, pitchY: mapRows, gap: 0 });
}

/**
 * @param {Omit<Grid, "rows" | "width" | "height">} parts
 * @returns {Grid}
 */
function gridOf(parts) {
  const rows = Math.ceil(parts.count / parts.columns);
  return { ...parts, rows, width: parts.columns * parts.pitchX, height: rows * parts.pitchY };
}

/**
 * @param {Grid} grid
 * @param {number} index of a value in the layer's flat, row-major values
 * @returns {Spot}
 */
export function spotAt(grid, index) {
  const place = Math.floor(index / grid.count);
  return {
    index,
    channel: index % grid.count,
    row: Math.floor(place / grid.mapColumns),
    column: place % grid.mapColumns,
  };
}

/**
 * @param {Grid} grid
 * @param {{channel: number, row: number, column: number}} spot
 * @returns {number}
 */
export function indexOf(grid, { channel, row, column }) {
  return (row * grid.mapColumns + column) * grid.count + channel;
}

/**
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @returns {Spot | null} what stands at a point of the canvas
 */
export function spotUnder(grid, x, y) {
  const [tileColumn, tileRow] = [Math.floor(x / grid.pitchX), Math.floor(y / grid.pitchY)];
  const channel = tileRow * grid.columns + tileColumn;
  if (x < 0 || y < 0 || tileColumn >= grid.columns || channel >= grid.count) return null;
  const within = (/** @type {number} */ offset, /** @type {number} */ pitch, /** @type {number} */ size) =>
    Math.min(Math.floor((offset * size) / (pitch - grid.gap)), size - 1);
  const row = within(y - tileRow * grid.pitchY, grid.pitchY, grid.mapRows);
  const column = within(x - tileColumn * grid.pitchX, grid.pitchX, grid.mapColumns);
  return { index: indexOf(grid, { channel, row, column }), channel, row, column };
}

/**
 * @param {Grid} grid
 * @param {{channel: number}} spot
 * @returns {{x: number, y: number, width: number, height: number}} the cell, or the whole tile of a map
 */
export function tileOf(grid, { channel }) {
  return {
    x: (channel % grid.columns) * grid.pitchX,
    y: Math.floor(channel / grid.columns) * grid.pitchY,
    width: grid.pitchX - grid.gap,
    height: grid.pitchY - grid.gap,
  };
}

/**
 * @param {Grid} grid
 * @param {Spot} spot
 * @returns {{x: number, y: number, width: number, height: number}} one value: the cell of a unit, or its part of a map's tile
 */
export function valueRect(grid, spot) {
  const tile = tileOf(grid, spot);
  const [width, height] = [tile.width / grid.mapColumns, tile.height / grid.mapRows];
  return { x: tile.x + spot.column * width, y: tile.y + spot.row * height, width, height };
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Where an arrow key leads: from unit to unit, and in a map from value to value and over its edge into the next map.
 * @param {Grid} grid
 * @param {Spot} spot
 * @param {string} key
 * @returns {Spot | null} null where the key leads nowhere
 */
export function spotAfter(grid, spot, key) {
  if (key === "Home") return spotAt(grid, 0);
  if (key === "End") return spotAt(grid, grid.count * grid.mapRows * grid.mapColumns - 1);
  const arrow = ARROWS[key];
  if (!arrow) return null;
  const x = (spot.channel % grid.columns) * grid.mapColumns + spot.column + arrow[0];
  const y = Math.floor(spot.channel / grid.columns) * grid.mapRows + spot.row + arrow[1];
  const [tileColumn, tileRow] = [Math.floor(x / grid.mapColumns), Math.floor(y / grid.mapRows)];
  const channel = tileRow * grid.columns + tileColumn;
  if (x < 0 || y < 0 || tileColumn >= grid.columns || channel >= grid.count) return null;
  const [row, column] = [y - tileRow * grid.mapRows, x - tileColumn * grid.mapColumns];
  return { index: indexOf(grid, { channel, row, column }), channel, row, column };
}

/**
 * @param {Grid} grid
 * @param {number} channel
 * @returns {Int32Array} for each pixel of one map, row by row, the index of its value
 */
export function mapOrder(grid, channel) {
  return Int32Array.from({ length: grid.mapRows * grid.mapColumns }, (_, place) => place * grid.count + channel);
}
