/**
 * What can be said of a convolution's kernels before they are drawn: where their scale ends, and what one picture of them shows.
 */

/** @typedef {import("../api/types.js").Kernel} Kernel shape `[rows, columns, inputs, outputs]` */

/**
 * @param {Kernel} kernel
 * @returns {number} the largest magnitude: the end of the weights' own scale
 */
export function kernelEnd(kernel) {
  return kernel.values.reduce((end, weight) => Math.max(end, Math.abs(weight)), 0);
}

/**
 * @param {Kernel} kernel
 * @returns {boolean} whether every kernel can be shown as one picture in colour
 */
export function isColourKernel(kernel) {
  return kernel.shape[2] === 3;
}

/**
 * @param {Kernel} kernel
 * @returns {boolean} whether every kernel looks at one map alone, so that it is one picture
 */
export function isTemplate(kernel) {
  return kernel.shape[2] === 1;
}

/**
 * @param {Kernel | null} kernel
 * @returns {boolean} whether it is shown as slices, one for each input map, of one output map at a time
 */
export function hasSlices(kernel) {
  return kernel !== null && !isColourKernel(kernel) && !isTemplate(kernel);
}
