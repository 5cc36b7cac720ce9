/**
 * Test images in a row, each with its class and the unit's value; a click opens it as the picture.
 */

import { testPictureAddress } from "../../lib/api/api.js";
import { formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").GalleryEntry} TestImage
 * @typedef {{image: TestImage, value: number}} Exciting
 */

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(image: TestImage) => void} onTake
 */
export function createExcitingImages(card, t, onTake) {
  const list = element("ol", { class: "exciting-images" });
  const words = element("p");
  const whole = element("div", { class: "exciting" }, words, list);
  /** @type {Exciting[] | null} */
  let shown = null;

  /** @param {Exciting} each */
  function itemOf({ image, value }) {
    const label = card.classes[t.language]?.[card.classes.en?.indexOf(image.label)] ?? image.label;
    const number = formatValue(value, t.language, 3);
    const take = element(
      "button",
      {
        type: "button",
        "aria-label": t("exciting.take", { number: image.index, label, value: number }),
        title: t("exciting.take", { number: image.index, label, value: number }),
      },
      element("img", { src: testPictureAddress(card.name, image.index), alt: "" }),
      element("span", { class: "exciting-label" }, label),
      element("span", {}, number),
    );
    take.addEventListener("click", () => onTake(image));
    return element("li", {}, take);
  }

  return {
    element: whole,
    /** @type {(images: Exciting[], trouble: string) => void} */
    update(images, trouble) {
      words.textContent = trouble || t("exciting.about");
      if (shown === images) return;
      shown = images;
      list.replaceChildren(...images.map(itemOf));
    },
  };
}
