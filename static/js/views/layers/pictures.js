/**
 * What a layer map paints: the values of a layer, or the weights of its kernels.
 */

import { kernelEnd } from "../../lib/network/kernels.js";
import { endOf } from "../../lib/network/shown.js";
import { colourInto, pixel, tableIndex } from "../../lib/screen/colormaps.js";
import { fitMaps, fitPixels, fitUnits, mapOrder } from "../../lib/screen/grid.js";

/**
 * @typedef {import("./grid-painter.js").Picture} Picture
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/api/types.js").Kernel} Kernel
 * @typedef {import("../../lib/screen/stage.js").Size} Size
 */

/**
 * @param {number[]} shape of the layer
 * @param {Tensor | null} tensor its values; without them everything is zero
 * @param {{end: number | Float32Array, order: Int32Array | null, table: Uint32Array, room: Size, ratio: number, columns?: number}} options
 *   `end`: where the scale ends, or of each map; `order`: which unit or map stands at each place; `columns`: of the picture whose pixels
 *   the units are
 * @returns {Picture}
 */
export function valuesPicture(shape, tensor, { end, order, table, room, ratio, columns }) {
  const [width, height] = [Math.floor(room.width * ratio), Math.floor(room.height * ratio)];
  if (shape.length !== 3) {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = tensor?.values ?? new Float32Array(count);
    return {
      grid: columns ? fitPixels(count, columns, width, height) : fitUnits(count, width, height, ratio),
      fill: (_, pixels) =>
        colourInto(
          values,
          order ? unitOrder(order, pixels.length) : unitsInPlace(count, pixels.length),
          endOf(end, 0),
          table,
          pixels,
        ),
    };
  }
  const grid = fitMaps(shape, width, height, ratio);
  const values = tensor?.values ?? new Float32Array(shape[0] * shape[1] * shape[2]);
  const valuesOf = (/** @type {number} */ channel) => orderOf(`${shape}/${channel}`, () => mapOrder(grid, channel));
  return {
    grid,
    fill(place, pixels) {
      const channel = order ? order[place] : place;
      colourInto(values, valuesOf(channel), endOf(end, channel), table, pixels);
    },
  };
}

/** @type {Map<string, Int32Array>} where values stand in pictures does not change from frame to frame */
const orders = new Map();

/** @type {(key: string, make: () => Int32Array) => Int32Array} */
function orderOf(key, make) {
  const order = orders.get(key) ?? make();
  orders.set(key, order);
  return order;
}

/** @type {(order: ArrayLike<number>, length: number) => Int32Array} units in this order, and nothing in the cells left over */
const unitOrder = (order, length) => Int32Array.from({ length }, (_, i) => order[i] ?? -1);

/** @type {(count: number, length: number) => Int32Array} */
const unitsInPlace = (count, length) =>
  orderOf(`${count}/${length}`, () => unitOrder([...Array(count).keys()], length));

/**
 * Kernels that look at one map, or at the whole image, each as one picture.
 * @param {Kernel} kernel
 * @param {{table: Uint32Array, room: Size, ratio: number}} options
 * @returns {Picture}
 */
export function templatesPicture(kernel, { table, room, ratio }) {
  const [rows, columns, , outputs] = kernel.shape;
  const end = kernelEnd(kernel);
  return {
    grid: fitMaps([rows, columns, outputs], Math.floor(room.width * ratio), Math.floor(room.height * ratio), ratio),
    fill(output, pixels) {
      for (let place = 0; place < pixels.length; place++)
        pixels[place] = table[tableIndex(kernel.values[place * outputs + output], end)];
    },
  };
}

/**
 * Kernels that look at colours, each as one picture in colour: middle grey is zero.
 * @param {Kernel} kernel
 * @param {{room: Size, ratio: number}} options
 * @returns {Picture}
 */
export function colourKernelPicture(kernel, { room, ratio }) {
  const [rows, columns, inputs, outputs] = kernel.shape;
  const end = kernelEnd(kernel);
  const level = (/** @type {number} */ weight) => Math.round(127.5 + (127.5 * weight) / end);
  return {
    grid: fitMaps([rows, columns, outputs], Math.floor(room.width * ratio), Math.floor(room.height * ratio), ratio),
    fill(output, pixels) {
      for (let place = 0; place < pixels.length; place++) {
        const weight = (/** @type {number} */ input) => kernel.values[(place * inputs + input) * outputs + output];
        pixels[place] = pixel([level(weight(0)), level(weight(1)), level(weight(2))]);
      }
    },
  };
}

/**
 * The kernel of one output map, as a slice for each input map.
 * @param {Kernel} kernel
 * @param {number} output
 * @param {{table: Uint32Array, room: Size, ratio: number}} options
 * @returns {Picture}
 */
export function slicesPicture(kernel, output, { table, room, ratio }) {
  const [rows, columns, inputs, outputs] = kernel.shape;
  const end = kernelEnd(kernel);
  return {
    grid: fitMaps([rows, columns, inputs], Math.floor(room.width * ratio), Math.floor(room.height * ratio), ratio),
    fill(input, pixels) {
      for (let place = 0; place < pixels.length; place++) {
        pixels[place] = table[tableIndex(kernel.values[(place * inputs + input) * outputs + output], end)];
      }
    },
  };
}
