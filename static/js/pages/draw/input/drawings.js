/**
 * The drawings of the page, one for each kind of pad; they outlive a reload.
 */

import { parseDrawing } from "../../../lib/pad/drawing.js";

/**
 * @typedef {import("../../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {"digits" | "photos"} Kind
 */

/** @param {ReturnType<typeof import("../../shared/storage.js").createStore>} store */
export function createDrawings(store) {
  /** @type {Record<Kind, Drawing>} */
  const drawings = { digits: parseDrawing(store.read("digits")), photos: parseDrawing(store.read("photos")) };
  return {
    /** @type {(kind: Kind) => Drawing} */
    of: (kind) => drawings[kind],
    /** @type {(kind: Kind, drawing: Drawing) => void} until the page is reloaded */
    set(kind, drawing) {
      drawings[kind] = drawing;
    },
    /** @type {(kind: Kind, drawing: Drawing) => void} */
    keep(kind, drawing) {
      drawings[kind] = drawing;
      store.write(kind, { acts: drawing.acts });
    },
  };
}
