/**
 * One unit taken apart: the sum that it is, in pictures, bars and a column that adds up; what its activation made of it.
 */

import { addressParameters, isWithin, sourceOf, spotOf, weightAt } from "../../../lib/explain/addresses.js";
import { canRecompute, recomputeCode } from "../../../lib/explain/recompute.js";
import { printedSum } from "../../../lib/explain/sum.js";
import { layerTitle } from "../../../lib/network/names.js";
import { readingOrder } from "../../../lib/screen/grid.js";
import { STACKED } from "../../../lib/screen/stage.js";
import { element } from "../../../views/parts/dom.js";
import { createCandidates } from "../../../views/sheets/candidates.js";
import { createPlainSum } from "../../../views/sheets/plain-sum.js";
import { createRecomputeDialog } from "../../../views/sheets/recompute-dialog.js";
import { createSoftmaxTable } from "../../../views/sheets/softmax-table.js";
import { createSpotMark } from "../../../views/sheets/spot-mark.js";
import { createTermBars } from "../../../views/sheets/term-bars.js";
import { createUsualRange } from "../../../views/sheets/usual-range.js";
import { createWeightPictures } from "../../../views/sheets/weight-pictures.js";
import { createWholeSum } from "../../../views/sheets/whole-sum.js";
import { createExplanation } from "../asking/explanation.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").UnitExplained} UnitExplained
 * @typedef {import("../../../lib/api/types.js").Address} Address
 */

const TOP = 10; // terms for and against that are asked for; how many are listed follows from the room
const STACKED_TOP = 5;
const [ROW_PX, HEAD_PX, GAP_PX] = [18, 20, 20];
const [USUAL_PX, SOFTMAX_PX] = [160, 280];
const [NARROW_PX, ROOMY_PX] = [860, 1200]; // the usual range is left out below the one, beside much else below the other
const AROUND_PICTURE_PX = { scale: 16 + 20, high: 16 + 36 }; // a caption above, a scale of one line or two below

/** @type {import("../types.js").SheetKind} */
export const apart = {
  name: "apart",
  about: "unit",
  whole: true,
  fits: (_, pinned) => pinned !== null && pinned.layer.kind !== "input" && !pinned.kernel,
  create({ card, t, places, redraw, pin, usual }) {
    /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
    const explanation = createExplanation("unit", { t, redraw });
    /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
    const experiment = createExplanation("unit", { t, redraw });
    /** @type {UnitExplained | null} */
    let shown = null;
    let drawn = ""; // for which room and theme
    let temperature = 1;
    /** @type {Lab | null} */
    let lab = null;
    /** @type {number | null} the weight that the page's pointer is on, in the source's layer */
    let pointed = null;

    const mark = createSpotMark(places.host);
    const pictures = createWeightPictures(t, {
      onSpot: markWeight,
      onPin: (index) => shown && pinSource(sourceOf(shown, index)),
    });
    const bars = createTermBars(t, { onTerm: markTerm, onPin: pinSource });
    const sum = createWholeSum(t);
    const plain = createPlainSum(t, pinSource);
    const candidates = createCandidates(t);
    const range = createUsualRange(t);
    const softmax = createSoftmaxTable(card.classes[t.language] ?? card.classes.en ?? [], t, (chosen) => {
      temperature = chosen;
      redraw();
    });
    const dialog = createRecomputeDialog(places.host, t);
    const recompute = element("button", { type: "button", class: "text-button" }, t("apart.recompute"));
    recompute.addEventListener("click", openRecompute);
    const looks = element("p", { class: "looks" });
    const column = element("div", { class: "apart-sum" }, sum.element, recompute, looks, softmax.controls);
    const trouble = element("p", { class: "trouble", role: "status" });
    const parts = element(
      "div",
      { class: "apart" },
      pictures.element,
      plain.element,
      candidates.element,
      bars.element,
      column,
      softmax.element,
      range.element,
    );
    const whole = element("div", { class: "apart-whole" }, parts, trouble);
    const resizing = new ResizeObserver(redraw);
    resizing.observe(whole);

    /** @type {(name: string) => import("../../../lib/api/types.js").LayerCard | undefined} */
    const layerOf = (name) => card.layers.find((each) => each.name === name);

    /** @type {(address: Address) => void} */
    function pinSource(address) {
      const layer = shown && layerOf(shown.source.layer);
      if (layer && leads(layer) && isWithin(address, layer.shape)) pin(layer, spotOf(address, layer.shape));
    }

    /** @param {import("../../../lib/api/types.js").LayerCard | undefined} layer */
    const leads = (layer) => layer !== undefined && layer.kind !== "input" && layer.kind !== "normalization"; // those stand on no panel

    /** @param {number | null} index */
    function markWeight(index) {
      markBoth(index, index === null || !shown ? null : sourceOf(shown, index));
    }

    /** @param {Address | null} address */
    function markTerm(address) {
      markBoth(address && shown ? weightAt(shown, address) : null, address);
    }

    /** @type {(index: number | null, address: Address | null) => void} */
    function markBoth(index, address) {
      pictures.mark(index);
      bars.mark(address);
      mark.show(address && shown && isWithin(address, shown.source.shape) ? placeOf(shown.source, address) : null);
    }

    /** @type {(source: import("../../../lib/api/types.js").Source, address: Address) => DOMRect | null} */
    function placeOf({ layer, shape }, address) {
      const seen = layerOf(layer)?.kind === "normalization" ? card.layers[0].name : layer; // the picture of the input stands for both
      return places.of(seen, spotOf(address, shape));
    }

    /** @type {(source: import("../../../lib/api/types.js").Source) => import("../../../views/sheets/weight-pictures.js").Arrangement} */
    function arrangementOf(source) {
      if (source.shape.length !== 1) return null;
      const boxes = Array.from({ length: source.shape[0] }, (_, unit) => placeOf(source, { unit }));
      return boxes.every((box) => box !== null) && boxes.length ? readingOrder(boxes) : null;
    }

    function openRecompute() {
      const { question, pinned } = /** @type {Lab} */ (lab);
      if (!question || !pinned || !shown) return;
      const { body, model, fit } = question;
      const type = body.type.startsWith("image/") ? body.type : "application/octet-stream";
      const file = body instanceof File ? body.name : `drawing.${type.split("/")[1]}`;
      const { layer, spot } = pinned;
      const words = recomputeCode({
        origin: location.origin,
        model,
        layer,
        source: shown.source.layer,
        spot,
        file,
        type,
        fit,
      });
      dialog.open({ words, image: body, file });
    }

    /** @type {(explained: UnitExplained) => string} where a convolution looks */
    function lookWords({ window, source }) {
      if (!window) return "";
      const { row, column, rows, columns, padding } = window;
      const span = (
        /** @type {number} */ first,
        /** @type {number} */ count,
        /** @type {number} */ before,
        /** @type {number} */ after,
      ) => `${first + before}\u2009…\u2009${first + count - 1 - after}`;
      const { top, bottom, left, right } = padding;
      const where = t("apart.window", {
        rows: span(row, rows, top, bottom),
        columns: span(column, columns, left, right),
        source: layerTitle(source.layer, t),
      });
      return top + bottom + left + right ? `${where} ${t("apart.padding")}` : where;
    }

    /** @type {(explained: UnitExplained, palette: Lab["palette"]) => void} */
    function draw(explained, palette) {
      const stacked = matchMedia(STACKED).matches;
      const { weights, kind, source } = explained;
      const many = weights?.shape.length === 3;
      const passes = kind === "pooling" || kind === "dropout" || kind === "flatten";
      pictures.element.hidden = !weights || (Boolean(explained.softmax) && !stacked && whole.clientWidth < NARROW_PX);
      plain.element.hidden = Boolean(weights);
      candidates.element.hidden = !explained.candidates;
      bars.element.hidden = column.hidden = passes;
      recompute.hidden = !canRecompute(
        /** @type {import("../../../lib/api/types.js").LayerCard} */ (layerOf(explained.layer)),
      );
      softmax.element.hidden = softmax.controls.hidden = !explained.softmax;
      parts.toggleAttribute("data-softmax", Boolean(explained.softmax));
      parts.toggleAttribute("data-many", many);
      const needed = many || explained.softmax ? ROOMY_PX : weights ? NARROW_PX : 0;
      range.element.hidden = !stacked && whole.clientWidth < needed;
      const count = stacked
        ? STACKED_TOP
        : Math.min(TOP, Math.max(1, Math.floor((parts.clientHeight / 2 - HEAD_PX) / ROW_PX)));
      const printed = printedSum(explained, count);
      if (!weights) plain.update(explained, leads(layerOf(source.layer)));
      if (explained.candidates && explained.window) {
        const { row = 0, column: at = 0 } = explained.supporting[0];
        candidates.update(explained.candidates, {
          row: row - explained.window.row,
          column: at - explained.window.column,
        });
      }
      bars.update(explained, printed, leads(layerOf(source.layer)));
      sum.update(explained, printed);
      looks.textContent = kind === "convolution" ? lookWords(explained) : "";
      if (weights && !pictures.element.hidden)
        pictures.update({
          explained,
          arrangement: arrangementOf(source),
          palette,
          room: roomForPictures(stacked),
          addressOf: (index) => sourceOf(explained, index),
        });
    }

    /** @type {(stacked: boolean) => import("../../../lib/screen/stage.js").Size} for each of the two */
    function roomForPictures(stacked) {
      if (stacked) return { width: (whole.clientWidth - GAP_PX) / 2, height: whole.clientWidth / 2 };
      const others = [
        bars.element.offsetWidth,
        Number.parseFloat(getComputedStyle(column).minInlineSize) || column.offsetWidth,
      ];
      if (!range.element.hidden) others.push(whole.clientWidth < ROOMY_PX ? USUAL_PX : 1.5 * USUAL_PX);
      if (!softmax.element.hidden) others.push(SOFTMAX_PX);
      const taken = others.reduce((total, width) => total + width + GAP_PX, 0);
      return {
        width: Math.floor((whole.clientWidth - taken - GAP_PX) / 2),
        height: parts.clientHeight - AROUND_PICTURE_PX[softmax.element.hidden ? "scale" : "high"],
      };
    }

    return {
      element: whole,
      update(next) {
        lab = next;
        const { pinned, palette, read, state } = next;
        if (!pinned) return;
        const { layer, spot } = pinned;
        const parameters = { layer: layer.name, ...addressParameters(spot, layer.shape), top: String(TOP) };
        const { answer, fresh, trouble: said } = explanation.of(next, parameters);
        trouble.textContent = said || (answer || next.question ? "" : t("inspector.empty"));
        parts.hidden = !answer;
        parts.toggleAttribute("data-stale", !fresh);
        if (!answer) {
          shown = null;
          return;
        }
        const room = [whole.clientWidth, whole.clientHeight, state.order, state.sheet, devicePixelRatio].join();
        if (shown !== answer || drawn !== room + palette.ink) {
          [shown, drawn] = [answer, room + palette.ink];
          draw(answer, palette);
          markBoth(null, null);
        }
        if (answer.softmax) {
          const tried =
            temperature === 1
              ? null
              : experiment.of(next, { ...parameters, top: "1", temperature: String(temperature) });
          softmax.update(tried?.answer?.softmax ?? answer.softmax, spot.channel, temperature);
          softmax.element.toggleAttribute("data-stale", tried !== null && !tried.fresh);
        }
        if (!range.element.hidden)
          range.update(palette, usual.of(answer.layer), spot.channel, fresh ? answer.value : null);
        const there =
          read?.layer.name === answer.source.layer && answer.weights
            ? weightAt(answer, addressOfSpot(read.spot, answer.source.shape))
            : null;
        if (there !== pointed) pictures.mark(there);
        pointed = there;
      },
      leave() {
        mark.show(null);
      },
      destroy() {
        resizing.disconnect();
        pictures.destroy();
        mark.destroy();
        dialog.destroy();
      },
    };
  },
};

/** @type {(spot: import("../../../lib/screen/grid.js").Spot, shape: number[]) => Address} */
const addressOfSpot = ({ row, column, channel }, shape) =>
  shape.length === 1 ? { unit: channel } : { row, column, channel };
