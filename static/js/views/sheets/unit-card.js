/**
 * One value in words and pictures: where it stands, how large it is, and how it lies among the others.
 */

import { unitModel } from "../../lib/network/unit-model.js";
import { colourInto } from "../../lib/screen/colormaps.js";
import { mapOrder, mapsGrid } from "../../lib/screen/grid.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createSpread } from "./spread.js";

/**
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/network/unit-model.js").ReadState} ReadState
 * @typedef {import("../../lib/network/unit-model.js").Scale} Scale
 * @typedef {import("../../lib/network/unit-model.js").Subject} Subject
 * @typedef {import("../../lib/network/unit-model.js").UnitWords} UnitWords
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../parts/palette.js").Palette} Palette
 *
 * @typedef {ReadState & {palette: Palette}} CardContent
 */

const THUMB_LINES = 5.25; // its side, in lines of small text
const NO_WORDS = { name: "", value: "", side: "", more: "", about: "" };

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createUnitCard(card, t) {
  const words = buildWords();
  const thumb = element("canvas", { class: "thumb", "aria-hidden": "true" });
  const spread = createSpread("");

  return {
    elements: [thumb, words.host, spread.element],
    /**
     * @param {CardContent} content
     * @returns {Scale}
     */
    update(content) {
      const { palette, subject } = content;
      const model = unitModel(content, card, t);
      words.say(model.words);
      thumb.hidden = !model.map;
      if (model.map) paintThumb(thumb, model.map, subject.spot, model.scale.end, palette);
      spread.update(palette, model.spread.values, model.spread.end, model.spread.value, model.spread.caption);
      return model.scale;
    },
    /** Leave no words for a screen reader while nothing is read. */
    clear: () => words.say(NO_WORDS),
  };
}

function buildWords() {
  const name = element("span", { class: "visually-hidden" });
  const [value, side] = [element("span"), element("small")];
  const [more, about] = [element("p", { class: "words-more" }), element("p", { class: "words-about" })];
  const host = element(
    "div",
    { class: "words", "aria-live": "polite", "aria-atomic": "true" },
    name,
    element("p", { class: "words-value" }, value, side),
    more,
    about,
  );
  return {
    host,
    /** @param {UnitWords} words */
    say(words) {
      name.textContent = words.name;
      value.textContent = words.value;
      side.textContent = words.side;
      more.textContent = words.more;
      about.textContent = words.about;
    },
  };
}

/** @type {(thumb: HTMLCanvasElement, tensor: Tensor, spot: Spot, end: number, palette: Palette) => void} */
function paintThumb(thumb, { shape, values }, spot, end, palette) {
  const [rows, columns] = shape;
  const pixels = new Uint32Array(rows * columns);
  colourInto(values, mapOrder(mapsGrid(shape), spot.channel), end, palette.table, pixels);
  const bitmap = element("canvas");
  sizeCanvas(bitmap, columns, rows);
  context2d(bitmap).putImageData(imageOf(pixels, columns, rows), 0, 0);
  const line = Number.parseFloat(getComputedStyle(thumb).getPropertyValue("--line-small")) || 16;
  const large = Math.round(line * THUMB_LINES * devicePixelRatio);
  sizeCanvas(thumb, large, Math.round((large * rows) / columns), devicePixelRatio);
  const context = context2d(thumb);
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, thumb.width, thumb.height);
  const [stepX, stepY] = [thumb.width / columns, thumb.height / rows];
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5 * devicePixelRatio;
  context.strokeRect(spot.column * stepX, spot.row * stepY, Math.max(stepX, 4), Math.max(stepY, 4));
}
