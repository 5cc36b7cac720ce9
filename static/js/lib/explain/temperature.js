/**
 * The temperature that a softmax is tried at, as the places of a slider: equal steps are equal factors, and 0 is the network's own.
 */

export const SLIDER = { min: -60, max: 100 }; // hundredths of a power of ten: 0.25 to 10

/**
 * @param {number} place of the slider
 * @returns {number} two significant digits
 */
export function temperatureAt(place) {
  return Number((10 ** (place / 100)).toPrecision(2));
}
