/**
 * What a visitor points at: the value under the pointer, the pinned value, and the class that is explained.
 */

/**
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../views/sheets/unit-card.js").Subject} Subject
 */

/** @param {Pick<ReturnType<typeof import("./layers/kernels.js").createKernels>, "shown" | "outputOf">} kernels */
export function createPointing(kernels) {
  /** @type {Subject | null} */
  let read = null;
  /** @type {Subject | null} */
  let pinned = null;
  /** @type {string | null} */
  let target = null;

  /** @type {(layer: LayerCard, spot: Spot) => Subject} */
  const subjectAt = (layer, spot) => ({
    layer,
    spot,
    kernel: kernels.shown(layer.name),
    output: kernels.outputOf(layer.name),
  });

  return {
    /** @returns {Subject | null} the value under the pointer, or that the arrow keys came to */
    get read() {
      return read;
    },
    /** @returns {Subject | null} the pinned value, which stays while the pointer goes elsewhere */
    get pinned() {
      return pinned;
    },
    /** @returns {Subject | null} the value that is described: under the pointer, or else the pinned one */
    get described() {
      return read ?? pinned;
    },
    /** @returns {string | null} a class by its English name; null is the answer */
    get target() {
      return target;
    },
    /** @type {(layer: LayerCard, spot: Spot) => void} */
    moveTo(layer, spot) {
      read = subjectAt(layer, spot);
    },
    /** @type {(layer: LayerCard, place: Spot) => void} pin it; a second call removes the pin */
    pin(layer, place) {
      const unit = layer.shape.length === 1 && kernels.shown(layer.name) !== null; // a picture of weights stands for its unit
      const spot = unit ? { index: place.channel, channel: place.channel, row: 0, column: 0 } : place;
      const isPinned = pinned?.layer === layer && pinned.spot.index === spot.index;
      pinned = isPinned ? null : { ...subjectAt(layer, spot), ...(unit ? { kernel: null } : {}) };
    },
    /** @param {string | null} label */
    aimAt(label) {
      target = label;
    },
    /** @param {LayerCard} layer that shows something else now: its values are no longer described */
    leave(layer) {
      if (read?.layer === layer) read = null;
      if (pinned?.layer === layer) pinned = null;
    },
    /** @param {LayerCard} layer that shows another map's kernel now: the same place in it is described */
    follow(layer) {
      const output = kernels.outputOf(layer.name);
      if (read?.kernel && read.layer === layer) read = { ...read, output };
      if (pinned?.kernel && pinned.layer === layer) pinned = { ...pinned, output };
    },
    letGo() {
      read = pinned = null;
    },
    /** Another network is chosen: it has other layers, and other classes. */
    clear() {
      read = pinned = target = null;
    },
  };
}
