/**
 * Test images of the chosen network, where the server has a gallery of them: one at random, and its mistakes in turn, those
 * that it was surest of first.
 */

import { fetchTestImages, fetchTestPicture } from "../../../lib/api/api.js";
import { classifies } from "../../../lib/network/networks.js";
import { part } from "../../../views/parts/dom.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../../lib/api/types.js").GalleryEntry} TestImage
 * @typedef {keyof typeof ASKED} Which
 */

const ASKED = { random: {}, mistake: { wrong: "true", sort: "confidence" } };

/**
 * @typedef {{model: ModelSummary | undefined, gallery: ModelSummary | undefined, picture: Blob | null}} Shown `gallery`: the network whose
 *   test images they are
 */

/**
 * @param {object} options
 * @param {import("../../../lib/screen/i18n.js").Texts} options.t
 * @param {ReturnType<typeof import("../../shared/notice.js").createNotice>} options.notice
 * @param {(picture: File) => Promise<void>} options.onPicture
 */
export function createTestImages({ t, notice, onPicture }) {
  const [host, absent, buttons, caption] = ["tests", "test-absent", "test-buttons", "test-caption"].map(part);
  const mistake = part("test-mistake");
  /** @type {Map<string, {total: number, next: number}>} how many there are and which mistake comes next, by what is asked */
  const places = new Map();
  let turn = 0;
  /** @type {{picture: File, image: TestImage, reader: string} | null} the test image that was taken last, and whose answer it came with */
  let taken = null;

  /** @type {(model: ModelSummary, which: Which) => Promise<TestImage | undefined>} */
  async function choose(model, which) {
    const key = `${model.name}/${which}`;
    const place = places.get(key) ?? {
      total: (await fetchTestImages(model.name, { ...ASKED[which], limit: "1" })).total,
      next: 0,
    };
    const offset = which === "random" ? Math.floor(Math.random() * place.total) : place.next;
    const { images, total } = await fetchTestImages(model.name, {
      ...ASKED[which],
      offset: String(offset),
      limit: "1",
    });
    places.set(key, { total, next: total ? (place.next + 1) % total : 0 });
    return images[0];
  }

  /** @type {(model: ModelSummary, of: NonNullable<typeof taken>) => string} another network's answer is left out */
  function describe(model, { image, reader }) {
    const name = (/** @type {string} */ label) => model.classes[t.language]?.[model.classes.en.indexOf(label)] ?? label;
    const values = { number: image.index, label: name(image.label), answer: name(image.answer) };
    if (reader !== model.name) return t("tests.shown", values);
    return t(image.label === image.answer ? "tests.right" : "tests.wrong", values);
  }

  /** @type {(gallery: ModelSummary, find: () => Promise<TestImage | undefined>) => Promise<void>} */
  async function give(gallery, find) {
    const mine = ++turn;
    try {
      const image = await find();
      const blob = image && (await fetchTestPicture(gallery.name, image.index));
      if (mine !== turn) return;
      notice.say("tests", image ? "" : t("tests.none"));
      if (!image || !blob) return;
      const picture = new File([blob], `${image.index}.png`, { type: blob.type });
      taken = { picture, image, reader: gallery.name };
      await onPicture(picture);
    } catch (trouble) {
      if (mine === turn) notice.say("tests", troubleWords(trouble, t));
    }
  }

  return {
    /** @type {(gallery: ModelSummary, which: Which) => Promise<void>} */
    take: (gallery, which) => give(gallery, () => choose(gallery, which)),
    /** @type {(gallery: ModelSummary, image: TestImage) => Promise<void>} one that is known already */
    show: (gallery, image) => give(gallery, async () => image),
    /** @param {Shown} shown */
    update({ model, gallery, picture }) {
      host.hidden = !model;
      buttons.hidden = !gallery;
      absent.hidden = Boolean(gallery);
      mistake.hidden = !model || !classifies(model);
      caption.textContent = model && taken && taken.picture === picture ? describe(model, taken) : "";
      caption.hidden = !caption.textContent;
    },
  };
}
