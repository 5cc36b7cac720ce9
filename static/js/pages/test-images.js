/**
 * Test images of the chosen network, where the server has a gallery of them: one at random, and its mistakes in turn, those
 * that it was surest of first.
 */

import { fetchTestImages, fetchTestPicture } from "../lib/api.js";
import { part } from "../views/dom.js";
import { troubleWords } from "./notice.js";

/**
 * @typedef {import("../lib/types.js").ModelSummary} ModelSummary
 * @typedef {import("../lib/types.js").TestImage} TestImage
 * @typedef {keyof typeof ASKED} Which
 */

const ASKED = { random: {}, mistake: { wrong: "true", sort: "confidence" } };

/**
 * @param {object} options
 * @param {import("../lib/i18n.js").Texts} options.t
 * @param {ReturnType<typeof import("./notice.js").createNotice>} options.notice
 * @param {(picture: File) => Promise<void>} options.onPicture
 */
export function createTestImages({ t, notice, onPicture }) {
  const [host, absent, buttons, caption] = ["tests", "test-absent", "test-buttons", "test-caption"].map(part);
  /** @type {Map<string, {total: number, next: number}>} how many there are and which mistake comes next, by what is asked */
  const places = new Map();
  let turn = 0;
  /** @type {{picture: File, words: string} | null} the test image that was taken last */
  let taken = null;

  /** @type {(model: ModelSummary, which: Which) => Promise<TestImage | undefined>} */
  async function choose(model, which) {
    const key = `${model.name}/${which}`;
    const place = places.get(key) ?? { total: (await fetchTestImages(model.name, { ...ASKED[which], limit: "1" })).total, next: 0 };
    const offset = which === "random" ? Math.floor(Math.random() * place.total) : place.next;
    const { images, total } = await fetchTestImages(model.name, { ...ASKED[which], offset: String(offset), limit: "1" });
    places.set(key, { total, next: total ? (place.next + 1) % total : 0 });
    return images[0];
  }

  /** @type {(model: ModelSummary, image: TestImage) => string} */
  function describe(model, image) {
    const name = (/** @type {string} */ label) => model.classes[t.language]?.[model.classes.en.indexOf(label)] ?? label;
    const values = { number: image.index, label: name(image.label), answer: name(image.answer) };
    return t(image.label === image.answer ? "tests.right" : "tests.wrong", values);
  }

  /** @type {(model: ModelSummary, find: () => Promise<TestImage | undefined>) => Promise<void>} */
  async function give(model, find) {
    const mine = ++turn;
    try {
      const image = await find();
      const blob = image && (await fetchTestPicture(model.name, image.index));
      if (mine !== turn) return;
      notice.say("tests", image ? "" : t("tests.none"));
      if (!image || !blob) return;
      const picture = new File([blob], `${image.index}.png`, { type: blob.type });
      taken = { picture, words: describe(model, image) };
      await onPicture(picture);
    } catch (trouble) {
      if (mine === turn) notice.say("tests", troubleWords(trouble, t));
    }
  }

  return {
    /** @type {(model: ModelSummary, which: Which) => Promise<void>} */
    take: (model, which) => give(model, () => choose(model, which)),
    /** @type {(model: ModelSummary, image: TestImage) => Promise<void>} one that is known already */
    show: (model, image) => give(model, async () => image),
    /** @type {(shown: {model: ModelSummary | undefined, picture: Blob | null}) => void} */
    update({ model, picture }) {
      host.hidden = !model;
      buttons.hidden = !model?.gallery;
      absent.hidden = Boolean(model?.gallery);
      caption.textContent = taken && taken.picture === picture ? taken.words : "";
      caption.hidden = !caption.textContent;
    },
  };
}
