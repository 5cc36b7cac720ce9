/**
 * The picture of a panel: a layer's values in the order that is chosen, or its kernels; it knows which unit stands at which place.
 */

import { isColourKernel, isTemplate } from "../../lib/network/kernels.js";
import { indexOf } from "../../lib/screen/grid.js";
import { createLayerMap } from "./layer-map.js";
import { colourKernelPicture, slicesPicture, templatesPicture, valuesPicture } from "./pictures.js";

/**
 * @typedef {import("../../lib/api/types.js").Kernel} Kernel
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/stage.js").Size} Size
 *
 * @typedef {object} PanelLook
 * @property {number | Float32Array} end where the colour scale ends, or of each map
 * @property {Int32Array | null} order which unit or map stands at each place; by their numbers where there is none
 * @property {readonly number[]} off units or maps that are switched off
 * @property {Uint32Array} table
 *
 * @typedef {import("../../lib/network/panel-words.js").PanelValues & PanelLook} PanelContent
 */

const LEAST_TARGET_PX = 8;

/**
 * @param {HTMLElement} host
 * @param {LayerCard} layer
 * @param {object} options
 * @param {string} options.label
 * @param {number} [options.columns] how wide the picture is whose pixels the units are
 * @param {(unit: Spot) => void} options.onSpot
 * @param {(unit: Spot, isSmall: boolean) => void} options.onPin `isSmall`: one of its units is too small to be pointed at
 * @param {() => void} options.onOpen
 */
export function createPanelPicture(host, layer, { label, columns, onSpot, onPin, onOpen }) {
  /** @type {Int32Array | null} which unit or map stands at each place */
  let order = null;
  /** @type {unknown[]} what the picture of weights was made of: they do not change from frame to frame */
  let painted = [];

  const map = createLayerMap(host, {
    label,
    onSpot: (place) => onSpot(unitAt(place)),
    onPin: (place) => onPin(unitAt(place), isSmall()),
    onOpen,
  });

  /** @type {(spot: Spot, channel: number) => Spot} */
  const moved = (spot, channel) => ({
    ...spot,
    channel,
    index: map.grid ? indexOf(map.grid, { ...spot, channel }) : spot.index,
  });

  /** @type {(place: Spot) => Spot} the unit at a place of the picture */
  const unitAt = (place) => moved(place, order ? order[place.channel] : place.channel);

  /** @type {(unit: Spot) => Spot} the place of a unit in the picture */
  const placeOf = (unit) => moved(unit, order ? order.indexOf(unit.channel) : unit.channel);

  const isSmall = () => layer.shape.length !== 3 && (map.grid?.pitchX ?? 0) < LEAST_TARGET_PX * devicePixelRatio;

  /** @type {(kernel: Kernel, content: PanelContent, room: Size) => void} */
  function showKernel(kernel, { output, table }, room) {
    const made = [kernel, output, table, room, devicePixelRatio];
    if (made.every((each, i) => each === painted[i])) return;
    painted = made;
    const options = { room, ratio: devicePixelRatio, table };
    if (isTemplate(kernel)) map.show(templatesPicture(kernel, options));
    else if (isColourKernel(kernel)) map.show(colourKernelPicture(kernel, options));
    else map.show(slicesPicture(kernel, output, options));
  }

  /** @type {(content: PanelContent, room: Size) => void} */
  function showValues({ shown, end, table, off }, room) {
    painted = [];
    const options = { room, ratio: devicePixelRatio, table, columns, end, order };
    const picture = valuesPicture(layer.shape, shown?.tensor ?? null, options);
    map.show({ ...picture, struck: off.map((unit) => (order ? order.indexOf(unit) : unit)) });
  }

  return {
    /** @type {(content: PanelContent, room: Size) => void} */
    update(content, room) {
      const { kernel } = content;
      order = kernel ? null : content.order;
      if (kernel) showKernel(kernel, content, room);
      else showValues(content, room);
    },
    /** @type {(read: Spot | null, pinned: Spot | null) => void} */
    mark: (read, pinned) => map.mark(read && placeOf(read), pinned && placeOf(pinned)),
    focus: () => map.canvas.focus(),
    /** @type {(unit: Spot) => DOMRect | null} in the window's coordinates */
    rectOf: (unit) => map.rectOf(placeOf(unit)),
    destroy: map.destroy,
  };
}
