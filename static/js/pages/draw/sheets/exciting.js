/**
 * The test images that excite a unit most, where the server has them; a click takes one as the picture.
 */

import { fetchExciting, fetchTestImages } from "../../../lib/api/api.js";
import { mayPass, persist } from "../../../lib/api/retry.js";
import { createExcitingImages } from "../../../views/sheets/exciting-images.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../../../lib/api/types.js").GalleryEntry} TestImage
 * @typedef {{images: {image: TestImage, value: number}[], words: string}} Found images, or why there are none
 */

const SHOWN = 9;

/** @type {import("../types.js").SheetKind} */
export const exciting = {
  name: "exciting",
  about: "unit",
  fits: (_, pinned) => pinned !== null && !pinned.kernel && ["dense", "convolution"].includes(pinned.layer.kind),
  create({ card, t, redraw, showTestImage }) {
    const view = createExcitingImages(card, t, showTestImage);
    /** @type {Map<string, Promise<import("../../../lib/api/types.js").ExcitingImages>>} by layer */
    const layers = new Map();
    /** @type {Map<string, Found | null>} by layer and unit; null while it is on its way */
    const units = new Map();

    /** @param {string} layer */
    function ofLayer(layer) {
      const asked = layers.get(layer) ?? fetchExciting(card.name, layer);
      layers.set(layer, asked);
      asked.catch(() => layers.delete(layer)); // another time
      return asked;
    }

    /** @type {(layer: string, unit: number) => Promise<Found>} */
    async function find(layer, unit) {
      const { images, values } = await ofLayer(layer);
      const found = await Promise.all(
        images[unit].slice(0, SHOWN).map((index) => fetchTestImages(card.name, { offset: String(index), limit: "1" })),
      );
      if (!found.every((page) => page.matches_atlas)) return { images: [], words: t("exciting.other-copy") };
      return { images: found.map((page, i) => ({ image: page.images[0], value: values[unit][i] })), words: "" };
    }

    /** @type {(layer: string, unit: number) => Promise<void>} */
    async function load(layer, unit) {
      const key = `${layer}/${unit}`;
      units.set(key, null);
      const found = await persist(() => find(layer, unit), {
        wanted: () => true,
        onTrouble(error) {
          units.set(key, { images: [], words: troubleWords(error, t) });
          if (mayPass(error)) redraw();
        },
      });
      if (found) units.set(key, found);
      redraw();
    }

    return {
      element: view.element,
      update({ pinned }) {
        if (!pinned) return;
        const { layer, spot } = pinned;
        if (!card.gallery) return view.update([], t("exciting.absent"));
        const key = `${layer.name}/${spot.channel}`;
        if (!units.has(key)) load(layer.name, spot.channel);
        const { images, words } = units.get(key) ?? { images: [], words: "" };
        view.update(images, words);
      },
    };
  },
};
