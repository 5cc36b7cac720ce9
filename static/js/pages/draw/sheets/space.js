/**
 * The space of codes: where the test images lie in it, where the visitor's own input does, and what the decoder draws elsewhere.
 *
 * A code of two numbers is a point of the map and is moved there; a longer one is moved number by number.
 */

import { decodeCode, fetchAtlas } from "../../../lib/api/api.js";
import { createLive } from "../../../lib/api/live.js";
import { persist } from "../../../lib/api/retry.js";
import { createAxes, nearestPoint, placesOf } from "../../../lib/explain/code-map.js";
import { CODE, classifies } from "../../../lib/network/networks.js";
import { inputPixels } from "../../../lib/screen/colormaps.js";
import { formatCount, formatValue } from "../../../lib/screen/format.js";
import { context2d, element, imageOf, part, sizeCanvas } from "../../../views/parts/dom.js";
import { createCodeMap } from "../../../views/sheets/code-map.js";
import { createCodeSliders } from "../../../views/sheets/code-sliders.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 * @typedef {import("../../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../../lib/explain/code-map.js").Axes} Axes
 * @typedef {import("../../../views/sheets/code-map.js").MappedPoints & {coordinates: Float32Array, ways: Axes | null}} Mapped `ways`: the axes on which
 *   places and codes lead to each other; null where the map is no map of codes
 */

const [RANGE_LOW, RANGE_HIGH] = [0.01, 0.99]; // of the test images: a slider's ends

/** @type {import("../types.js").SheetKind} */
export const space = {
  name: "space",
  about: "image",
  fits: (card) => !classifies(card) && card.layers.some(({ name }) => name === CODE),
  create({ card, t, redraw, usual }) {
    const codeLayer = /** @type {LayerCard} */ (card.layers.find(({ name }) => name === CODE));
    const output = /** @type {LayerCard} */ (card.layers.at(-1));
    const numbers = codeLayer.shape[0];
    const classes = card.classes[t.language] ?? card.classes.en;
    const flat = numbers === 2;
    /** @type {Mapped | null} */
    let mapped = null;
    /** @type {[number, number][]} of each number of the code, where most test images lie */
    let ranges = [];
    /** @type {number[]} the middle of the test images: where to begin without an input */
    let middle = [];
    /** @type {number[] | null} the code that was put together by hand */
    let moved = null;
    /** @type {Tensor | null} what the decoder made of it, or of the one before while that is on its way */
    let drawn = null;
    /** @type {number[] | null} the input's own code */
    let own = null;
    /** @type {Lab["question"]} */
    let question = null;
    let trouble = "";
    let begun = false;

    const live = createLive({
      /** @type {(code: number[], signal: AbortSignal) => Promise<Tensor>} */
      send: (code, signal) => decodeCode(card.name, code, signal),
      onReply(picture) {
        if (moved) drawn = picture;
        trouble = "";
        redraw();
      },
      onTrouble(error) {
        trouble = error === "slow" ? "" : troubleWords(error, t);
        redraw();
      },
    });

    const map = createCodeMap({
      label: t("space.map", { dataset: card.dataset }),
      handle: t("space.point"),
      classes,
      language: t.language,
      onMove: flat ? ([x, y]) => mapped?.ways && move([mapped.ways[0].toValue(x), mapped.ways[1].toValue(y)]) : null,
      onBack: putBack,
    });
    const sliders = flat
      ? null
      : createCodeSliders({
          numbers,
          language: t.language,
          label: (number) => t("space.number", { number }),
          onChange(index, value) {
            const from = moved ?? own ?? middle;
            move(from.map((each, i) => (i === index ? value : each)));
          },
        });
    const picture = element("canvas", { class: "space-picture", role: "img", "aria-label": t("space.drawn") });
    const code = element("output", { class: "space-code", "aria-label": t("layer.name.code") });
    const near = element("p", { class: "space-near" });
    const how = element("p", { class: "hint" });
    const back = element("button", { type: "button", class: "control" }, t("space.back"));
    back.addEventListener("click", putBack);
    const words = element("div", { class: "space-words" }, ...(flat ? [code] : []), near, how, back);
    const whole = element(
      "div",
      { class: flat ? "space" : "space space-long" },
      map.element,
      ...(sliders ? [sliders.element] : []),
      element("div", { class: "space-drawn" }, picture, words),
    );

    /** @param {number[]} next */
    function move(next) {
      moved = next;
      live.ask(next);
      redraw();
    }

    function forgetMoved() {
      live.drop();
      moved = drawn = null;
      trouble = "";
    }

    function putBack() {
      forgetMoved();
      redraw();
    }

    async function load() {
      const atlas = await persist(() => fetchAtlas(card.name), {
        wanted: () => true,
        onTrouble(error) {
          trouble = troubleWords(error, t);
          redraw();
        },
      });
      if (!atlas) return;
      const coordinates = Float32Array.from(atlas.coordinates.values);
      const axes = createAxes(coordinates);
      const ways = atlas.is_code ? axes : null;
      mapped = { places: placesOf(coordinates, axes), labels: atlas.labels, axes: ways, coordinates, ways };
      trouble = "";
      redraw();
    }

    /** Where the numbers of test images' codes lie: what a slider spans, and where to begin without an input. */
    function learnRanges() {
      const statistics = ranges.length ? null : usual.of(CODE);
      if (!statistics) return;
      const {
        levels,
        activation: { quantiles },
      } = statistics;
      const at = (/** @type {number} */ unit, /** @type {number} */ level) =>
        quantiles.values[unit * levels.length + levels.indexOf(level)];
      ranges = Array.from({ length: numbers }, (_, unit) => [at(unit, RANGE_LOW), at(unit, RANGE_HIGH)]);
      middle = Array.from({ length: numbers }, (_, unit) => at(unit, 0.5));
    }

    /** @type {(at: ArrayLike<number> | null) => [number, number] | null} where a code stands on the map */
    const placeOf = (at) =>
      at && mapped?.ways ? [mapped.ways[0].toShare(at[0]), mapped.ways[1].toShare(at[1])] : null;

    /** @param {number[] | null} shown */
    function say(shown) {
      code.textContent = shown ? shown.map((each) => formatValue(each, t.language)).join("\u2002") : "–";
      const index = shown && mapped?.ways ? nearestPoint(mapped.coordinates, shown) : -1;
      near.textContent =
        mapped && index >= 0
          ? t("space.near", { label: classes[mapped.labels[index]], number: formatCount(index, t.language) })
          : "";
      how.textContent = trouble || t(flat ? "space.how" : "space.how.long");
      back.disabled = !moved;
    }

    /** @param {Tensor | null} shown */
    function paint(shown) {
      const [rows, columns] = card.input.shape;
      sizeCanvas(picture, columns, rows);
      const pixels = inputPixels({ shape: [rows, columns], values: shown?.values ?? new Float32Array(rows * columns) });
      context2d(picture).putImageData(imageOf(pixels, columns, rows), 0, 0);
    }

    /** @param {Lab} lab */
    function follow({ question: asked, frame }) {
      if (asked !== question) forgetMoved(); // another input, another point
      question = asked;
      own = frame?.answer.code ?? null;
    }

    return {
      element: whole,
      update(lab) {
        if (!begun) load();
        begun = true;
        learnRanges();
        follow(lab);
        part("lab").toggleAttribute("data-moved", moved !== null);
        const again = lab.frame?.answer.reconstruction;
        paint(drawn ?? (again ? { shape: again.shape, values: Float32Array.from(again.values) } : null)); // until the first is there
        const shown = moved ?? own;
        map.update({
          points: mapped,
          at: placeOf(shown ?? (middle.length ? middle : null)),
          from: moved ? placeOf(own) : null,
          palette: lab.palette,
        });
        map.element.toggleAttribute("data-idle", !shown);
        sliders?.update(shown ?? (middle.length ? middle : null), ranges);
        say(shown);
      },
      lens(lab) {
        follow(lab);
        if (!moved) return null;
        /** @type {Lens} */
        const lens = new Map([[CODE, { values: Float32Array.from(moved), end: lab.endOf(codeLayer, false, 0) }]]);
        if (drawn) lens.set(output.name, { values: drawn.values, end: 1 });
        return lens;
      },
      leave() {
        forgetMoved();
        part("lab").removeAttribute("data-moved");
      },
    };
  },
};
