/**
 * Writes Windows bitmaps: uncompressed, so that making one costs only a copy.
 */

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;

/**
 * @param {number} width
 * @param {number} height
 * @param {number} bitsPerPixel
 * @param {number} paletteEntries
 */
function begin(width, height, bitsPerPixel, paletteEntries) {
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4; // rows are padded to four bytes
  const pixelsAt = FILE_HEADER_BYTES + INFO_HEADER_BYTES + 4 * paletteEntries;
  const bytes = new Uint8Array(pixelsAt + rowBytes * height);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d); // "BM"
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, INFO_HEADER_BYTES, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true); // positive: the last row comes first
  view.setUint16(26, 1, true);
  view.setUint16(28, bitsPerPixel, true);
  view.setUint32(34, rowBytes * height, true);
  view.setUint32(46, paletteEntries, true);
  return { bytes, pixelsAt, rowBytes };
}

/**
 * @param {Uint8Array} grey one byte a pixel, row by row from the top
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array<ArrayBuffer>} an 8-bit BMP file
 */
export function greyBmp(grey, width, height) {
  const { bytes, pixelsAt, rowBytes } = begin(width, height, 8, 256);
  for (let level = 0; level < 256; level++) {
    bytes.fill(
      level,
      FILE_HEADER_BYTES + INFO_HEADER_BYTES + 4 * level,
      FILE_HEADER_BYTES + INFO_HEADER_BYTES + 4 * level + 3,
    );
  }
  for (let row = 0; row < height; row++) {
    bytes.set(grey.subarray(row * width, (row + 1) * width), pixelsAt + (height - 1 - row) * rowBytes);
  }
  return bytes;
}

/**
 * @param {Uint8ClampedArray} rgba four bytes a pixel, as `ImageData` holds them; alpha is left out
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array<ArrayBuffer>} a 24-bit BMP file
 */
export function colourBmp(rgba, width, height) {
  const { bytes, pixelsAt, rowBytes } = begin(width, height, 24, 0);
  for (let row = 0; row < height; row++) {
    let target = pixelsAt + (height - 1 - row) * rowBytes;
    for (let source = row * width * 4; source < (row + 1) * width * 4; source += 4) {
      bytes[target++] = rgba[source + 2];
      bytes[target++] = rgba[source + 1];
      bytes[target++] = rgba[source];
    }
  }
  return bytes;
}

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Region
 */

/**
 * @param {Uint8Array} grey
 * @param {number} width
 * @param {number} height
 * @param {number} margin pixels kept around the ink, as far as there are any
 * @returns {Region | null} the smallest region that holds every pixel above zero, or null where there is none
 */
export function inkRegion(grey, width, height, margin) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (grey[i] === 0) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  if (bottom < 0) return null;
  [left, top] = [Math.max(left - margin, 0), Math.max(top - margin, 0)];
  [right, bottom] = [Math.min(right + margin, width - 1), Math.min(bottom + margin, height - 1)];
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * @param {Uint8Array} grey
 * @param {number} width of the whole picture
 * @param {Region} region
 * @returns {Uint8Array}
 */
export function cutRegion(grey, width, region) {
  const cut = new Uint8Array(region.width * region.height);
  for (let row = 0; row < region.height; row++) {
    const start = (region.top + row) * width + region.left;
    cut.set(grey.subarray(start, start + region.width), row * region.width);
  }
  return cut;
}
