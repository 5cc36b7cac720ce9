/**
 * An autoencoder's reconstruction: the picture (in a phone's line), the difference, the error, and the code.
 */

import { colourInto, inputPixels } from "../../lib/screen/colormaps.js";
import { formatValue } from "../../lib/screen/format.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createCodeBars } from "./code-bars.js";

/**
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 *
 * @typedef {object} RedrawnContent
 * @property {Tensor | null} picture
 * @property {Tensor | null} change picture − input
 * @property {number | null} error mean squared error of a pixel
 * @property {ArrayLike<number> | null} code
 * @property {boolean} moved whether the code is one that was put together by hand
 * @property {import("../parts/palette.js").Palette} palette
 */

const MOST_IN_WORDS = 4; // numbers of a code; of more the sizes are shown

/**
 * @param {HTMLElement} host
 * @param {object} options
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {number[]} options.shape of the picture
 * @param {number} options.numbers of the code
 * @param {number} options.codeEnd where the scale of the code's numbers ends
 * @param {number} options.usualError the mean over the test set
 */
export function createRedrawn(host, { t, shape, numbers, codeEnd, usualError }) {
  const { language } = t;
  const [rows, columns] = shape;
  const places = Int32Array.from({ length: rows * columns }, (_, i) => i);
  const picture = element("canvas", { class: "redrawn-picture", role: "img", "aria-label": t("reply.redrawn") });
  const change = element("canvas", { role: "img", "aria-label": t("reply.change.how"), title: t("reply.change.how") });
  const error = element("output", { class: "redrawn-error", "aria-label": t("reply.error"), "aria-live": "off" });
  const words = element("p", { class: "redrawn-words" });
  const code = element("output", { class: "redrawn-code", "aria-label": t("layer.name.code"), "aria-live": "off" });
  const bars =
    numbers > MOST_IN_WORDS
      ? createCodeBars({ numbers, label: t("reply.code.bars", { count: numbers, number: numbers }) })
      : null;
  const caption = (/** @type {string} */ text) => element("p", { class: "redrawn-caption" }, text);
  const unit = element("small", {}, t("reply.error.short"));
  host.replaceChildren(
    picture,
    element("figure", { class: "redrawn-change" }, change, caption(t("reply.change"))),
    element("div", { class: "redrawn-figures" }, element("p", {}, error, " ", unit), words),
    element("div", { class: "redrawn-numbers" }, caption(t("layer.name.code")), bars ? bars.element : code),
  );

  /** @type {(canvas: HTMLCanvasElement, pixels: Uint32Array) => void} */
  function paint(canvas, pixels) {
    sizeCanvas(canvas, columns, rows);
    context2d(canvas).putImageData(imageOf(pixels, columns, rows), 0, 0);
  }

  /** @type {(found: number | null, moved: boolean) => string} how near it came, beside what is usual */
  function errorWords(found, moved) {
    if (moved) return t("reply.moved");
    if (found === null) return t("reply.redrawn.none");
    const usual = formatValue(usualError, language, 3);
    return t(found <= usualError ? "reply.error.near" : "reply.error.far", { usual });
  }

  return {
    /** @param {RedrawnContent} content */
    update(content) {
      const none = new Float32Array(rows * columns);
      const { palette } = content;
      paint(picture, inputPixels({ shape, values: content.picture?.values ?? none }));
      const pixels = new Uint32Array(rows * columns);
      colourInto(content.change?.values ?? none, places, 1, palette.table, pixels);
      paint(change, pixels);
      error.textContent = content.error === null ? "–" : formatValue(content.error, language, 3);
      unit.hidden = content.error === null;
      words.textContent = errorWords(content.error, content.moved);
      code.textContent = content.code
        ? Array.from(content.code, (number) => formatValue(number, language)).join("\u2002")
        : "–";
      bars?.update(content.code, codeEnd);
      host.toggleAttribute("data-moved", content.moved);
    },
    destroy() {
      host.replaceChildren();
      host.removeAttribute("data-moved");
    },
  };
}
