/**
 * One layer over the whole stage: its own panel, taken out of its row, or for a layer that is a rule a panel made for the time.
 */

import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {ReturnType<typeof import("./layer-panel.js").createLayerPanel>} Panel
 */

/**
 * @param {HTMLElement} host
 * @param {(layer: LayerCard) => Panel | null} ownPanel
 * @param {(layer: LayerCard) => Panel} createPanel
 */
export function createEnlarging(host, ownPanel, createPanel) {
  /** @type {Panel | null} */
  let enlarged = null;
  /** @type {Panel | null} of a rule */
  let opened = null;
  /** @type {HTMLElement | null} holds an enlarged panel's place in its row */
  let place = null;

  return {
    /** @returns {Panel | null} the one that has the stage */
    get panel() {
      return enlarged ?? opened;
    },
    /** @returns {Panel | null} one that is made for the time and stands in no row */
    get opened() {
      return opened;
    },
    /** @type {(panel: Panel) => HTMLElement} what stands in the panel's row: itself, or what holds its place */
    heldPlace: (panel) => (panel === enlarged && place ? place : panel.element),
    /** @param {LayerCard} layer */
    open(layer) {
      enlarged = ownPanel(layer);
      opened = enlarged ? null : createPanel(layer);
      const panel = /** @type {Panel} */ (enlarged ?? opened);
      if (enlarged) {
        place = element("div");
        enlarged.element.replaceWith(place);
      }
      host.append(element("div", { class: "enlarged" }, panel.element));
      host.dataset.enlarged = layer.name;
      panel.setEnlarged(true);
    },
    close() {
      enlarged?.setEnlarged(false);
      opened?.destroy();
      if (enlarged && place) place.replaceWith(enlarged.element);
      host.querySelector(".enlarged")?.remove();
      delete host.dataset.enlarged;
      enlarged = opened = place = null;
    },
  };
}
