/**
 * The picture that a visitor chose: the newest choice wins, and what the server could read outlives a reload.
 */

import { blobOfDataUrl, dataUrlOf, shrink } from "../../../views/pad/intake.js";

/** @param {ReturnType<typeof import("../../shared/storage.js").createStore>} store */
export function createPicked(store) {
  let picture = blobOfDataUrl(store.read("picture"));
  let kept = picture;
  let turn = 0; // counts choices: a picture that is decoded later than a newer choice is dropped

  return {
    get picture() {
      return picture;
    },
    /** Something else was chosen: no picture that is still being decoded may replace it. */
    supersede() {
      turn++;
    },
    /**
     * @param {File} file
     * @returns {Promise<boolean>} whether it is the picture now; something newer may have come in between
     */
    async take(file) {
      const mine = ++turn;
      const small = await shrink(file);
      if (mine !== turn) return false;
      picture = small;
      kept = null;
      store.write("picture", null);
      return true;
    },
    /** The server has read it: it is worth keeping. */
    async keep() {
      const read = picture;
      if (!read || read === kept) return;
      kept = read;
      const text = await dataUrlOf(read).catch(() => null); // a file that has gone since then is not kept
      if (text && picture === read) store.write("picture", text);
    },
    drop() {
      turn++;
      picture = kept = null;
      store.write("picture", null);
    },
  };
}
