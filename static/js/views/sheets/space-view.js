/**
 * The space of codes: the map of the test images, a slider for each number of a long code, and the picture at the chosen place.
 */

import { nearestPoint } from "../../lib/explain/code-map.js";
import { codeAt, placeOnMap } from "../../lib/explain/code-space.js";
import { inputPixels } from "../../lib/screen/colormaps.js";
import { formatCount, formatValue } from "../../lib/screen/format.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createCodeMap } from "./code-map.js";
import { createCodeSliders } from "./code-sliders.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/explain/code-space.js").Mapped} Mapped
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 *
 * @typedef {object} SpaceContent
 * @property {Mapped | null} mapped
 * @property {import("../../lib/explain/code-space.js").CodeRanges | null} ranges
 * @property {number[] | null} own the code of the input
 * @property {number[] | null} moved a code that was put together by hand
 * @property {Tensor | null} picture
 * @property {string} trouble
 * @property {import("../parts/palette.js").Palette} palette
 *
 * @typedef {object} SpaceOptions
 * @property {number} numbers of the code; of two it is a point of the map and is moved there
 * @property {(code: number[]) => void} onMove
 * @property {(index: number, value: number) => void} onNumber
 * @property {() => void} onBack
 */

/** @param {ModelCard} card @param {Texts} t @param {SpaceOptions} options */
export function createSpaceView(card, t, options) {
  /** @type {Mapped | null} */
  let mapped = null;
  const parts = build(card, t, options, (place) => {
    const code = codeAt(mapped, place);
    if (code) options.onMove(code);
  });
  return {
    element: parts.whole,
    /** @param {SpaceContent} content */
    update(content) {
      mapped = content.mapped;
      paint(parts, card, t, content);
    },
  };
}

/** @param {ModelCard} card @param {Texts} t @param {SpaceOptions} options @param {(place: [number, number]) => void} onPlace */
function build(card, t, { numbers, onNumber, onBack }, onPlace) {
  const { language } = t;
  const isFlat = numbers === 2;
  const classes = card.classes[language] ?? card.classes.en;
  const map = createCodeMap({
    label: t("space.map", { dataset: card.dataset }),
    handle: t("space.point"),
    classes,
    language,
    onMove: isFlat ? onPlace : null,
    onBack,
  });
  const label = (/** @type {number} */ number) => t("space.number", { number });
  const sliders = isFlat ? null : createCodeSliders({ numbers, language, label, onChange: onNumber });
  const picture = element("canvas", { class: "space-picture", role: "img", "aria-label": t("space.drawn") });
  const code = element("output", { class: "space-code", "aria-label": t("layer.name.code") });
  const near = element("p", { class: "space-near" });
  const how = element("p", { class: "hint" });
  const back = element("button", { type: "button", class: "control" }, t("space.back"));
  back.addEventListener("click", onBack);
  const words = element("div", { class: "space-words" }, ...(isFlat ? [code] : []), near, how, back);
  const whole = element(
    "div",
    { class: isFlat ? "space" : "space space-long" },
    map.element,
    ...(sliders ? [sliders.element] : []),
    element("div", { class: "space-drawn" }, picture, words),
  );
  return { isFlat, classes, map, sliders, picture, code, near, how, back, whole };
}

/** @type {(parts: ReturnType<typeof build>, card: ModelCard, t: Texts, content: SpaceContent) => void} */
function paint(parts, card, t, content) {
  const { mapped, ranges, own, moved, palette } = content;
  paintPicture(parts.picture, card.input.shape, content.picture);
  const shown = moved ?? own;
  const start = shown ?? ranges?.middle ?? null; // without an input it begins in the middle of the test images
  const from = moved ? placeOnMap(mapped, own) : null;
  parts.map.update({ points: mapped, at: placeOnMap(mapped, start), from, palette });
  parts.map.element.toggleAttribute("data-idle", !shown);
  parts.sliders?.update(start, ranges?.ranges ?? []);
  paintWords(parts, t, content, shown);
}

/** @type {(parts: ReturnType<typeof build>, t: Texts, content: SpaceContent, shown: number[] | null) => void} */
function paintWords({ code, near, how, back, classes, isFlat }, t, { mapped, moved, trouble }, shown) {
  code.textContent = shown ? shown.map((each) => formatValue(each, t.language)).join("\u2002") : "–";
  const index = shown && mapped?.axes ? nearestPoint(mapped.coordinates, shown) : -1;
  const isNear = mapped && index >= 0;
  near.textContent = isNear
    ? t("space.near", { label: classes[mapped.labels[index]], number: formatCount(index, t.language) })
    : "";
  how.textContent = trouble || t(isFlat ? "space.how" : "space.how.long");
  back.disabled = !moved;
}

/** @type {(canvas: HTMLCanvasElement, shape: number[], shown: Tensor | null) => void} */
function paintPicture(canvas, [rows, columns], shown) {
  sizeCanvas(canvas, columns, rows);
  const values = shown?.values ?? new Float32Array(rows * columns);
  const pixels = inputPixels({ shape: [rows, columns], values });
  context2d(canvas).putImageData(imageOf(pixels, columns, rows), 0, 0);
}
