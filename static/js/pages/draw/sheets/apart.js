/**
 * One unit as a sum: pictures, bars and a column that adds up; and its value after the activation.
 */

import { addressParameters, isWithin, sourceOf, spotOf, weightAt } from "../../../lib/explain/addresses.js";
import { MOST_TERMS } from "../../../lib/explain/apart.js";
import { canRecompute, recomputeCode } from "../../../lib/explain/recompute.js";
import { readingOrder } from "../../../lib/screen/grid.js";
import { createApartView } from "../../../views/sheets/apart-view.js";
import { createRecomputeDialog } from "../../../views/sheets/recompute-dialog.js";
import { createSpotMark } from "../../../views/sheets/spot-mark.js";
import { createExplanation } from "../asking/explanation.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../../lib/api/types.js").Source} Source
 * @typedef {import("../../../lib/api/types.js").Address} Address
 */

/** @type {import("../types.js").SheetKind} */
export const apart = {
  name: "apart",
  about: "unit",
  whole: true,
  fits: (_, pinned) => pinned !== null && pinned.layer.kind !== "input" && !pinned.kernel,
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, places, redraw, usual } = tools;
  /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
  const explanation = createExplanation("unit", { t, redraw });
  const source = createSource(tools);
  const softmax = createSoftmaxTrial(tools);
  const mark = createSpotMark(places.host);
  const dialog = createRecomputeDialog(places.host, t);
  /** @type {UnitExplained | null} */
  let shown = null;
  let drawn = ""; // the room and the theme that it was drawn for
  /** @type {Lab | null} */
  let lab = null;
  /** @type {number | null} the weight that the page's pointer is on, in the source's layer */
  let pointed = null;

  const view = createApartView(t, {
    labels: card.classes[t.language] ?? card.classes.en ?? [],
    onWeight: (index) => markBoth(index, index === null || !shown ? null : sourceOf(shown, index)),
    onPinWeight: (index) => shown && source.pin(shown.source, sourceOf(shown, index)),
    onTerm: (address) => markBoth(address && shown ? weightAt(shown, address) : null, address),
    onPinTerm: (address) => shown && source.pin(shown.source, address),
    onTemperature: softmax.setTemperature,
    onRecompute: () => lab && shown && openRecompute(dialog, lab, shown),
  });
  const resizing = new ResizeObserver(redraw);
  resizing.observe(view.element);

  /** @type {(index: number | null, address: Address | null) => void} */
  function markBoth(index, address) {
    view.mark(index, address);
    const isInside = address && shown && isWithin(address, shown.source.shape); // and not in the padding
    mark.show(isInside && shown ? source.placeOf(shown.source, address) : null);
  }

  /** @type {(answer: UnitExplained, lab: Lab) => void} draw it anew where the answer, the room or the theme has changed */
  function draw(answer, { palette, state }) {
    const look = [view.room, state.order, state.sheet, devicePixelRatio].join() + palette.ink;
    if (shown === answer && drawn === look) return;
    [shown, drawn] = [answer, look];
    view.show({
      explained: answer,
      leads: source.leads(answer.source),
      canRecompute: canRecompute(/** @type {LayerCard} */ (source.layerOf(answer.layer))),
      arrangement: () => source.arrangementOf(answer.source),
      addressOf: (index) => sourceOf(answer, index),
      palette,
    });
    markBoth(null, null);
  }

  /** @type {(answer: UnitExplained, read: Lab["read"]) => void} */
  function markPointed(answer, read) {
    const there = read?.layer.name === answer.source.layer && answer.weights ? weightUnder(answer, read.spot) : null;
    if (there !== pointed) view.markWeight(there);
    pointed = there;
  }

  return {
    element: view.element,
    update(/** @type {Lab} */ next) {
      lab = next;
      const { pinned, palette, read } = next;
      if (!pinned) return;
      const { layer, spot } = pinned;
      const parameters = { layer: layer.name, ...addressParameters(spot, layer.shape), top: String(MOST_TERMS) };
      const { answer, fresh, trouble } = explanation.of(next, parameters);
      const words = trouble || (answer || next.question ? "" : t("inspector.empty"));
      view.setStatus({ trouble: words, isEmpty: !answer, isStale: !fresh });
      if (!answer) {
        shown = null;
        return;
      }
      draw(answer, next);
      if (answer.softmax) view.showSoftmax(...softmax.of(next, parameters, answer.softmax, spot.channel));
      if (view.showsRange) view.showRange(palette, usual.of(answer.layer), spot.channel, fresh ? answer.value : null);
      markPointed(answer, read);
    },
    leave() {
      mark.show(null);
    },
    destroy() {
      resizing.disconnect();
      view.destroy();
      mark.destroy();
      dialog.destroy();
    },
  };
}

/**
 * The layer whose values are added up: where it stands on the page, and what can be pinned in it.
 * @param {Tools} tools
 */
function createSource({ card, places, pin }) {
  /** @type {(name: string) => LayerCard | undefined} */
  const layerOf = (name) => card.layers.find((each) => each.name === name);

  /** @type {(source: Source) => boolean} whether it stands on a panel: the input and its normalisation do not */
  function leads({ layer }) {
    const kind = layerOf(layer)?.kind;
    return kind !== undefined && kind !== "input" && kind !== "normalization";
  }

  /** @type {(source: Source, address: Address) => DOMRect | null} */
  function placeOf({ layer, shape }, address) {
    const seen = layerOf(layer)?.kind === "normalization" ? card.layers[0].name : layer; // the picture of the input stands for both
    return places.of(seen, spotOf(address, shape));
  }

  return {
    layerOf,
    leads,
    placeOf,
    /** @type {(source: Source, address: Address) => void} */
    pin(source, address) {
      const layer = layerOf(source.layer);
      if (layer && leads(source) && isWithin(address, layer.shape)) pin(layer, spotOf(address, layer.shape));
    },
    /** @type {(source: Source) => import("../../../views/sheets/weight-pictures.js").Arrangement} */
    arrangementOf(source) {
      if (source.shape.length !== 1) return null;
      const boxes = Array.from({ length: source.shape[0] }, (_, unit) => placeOf(source, { unit }));
      return boxes.every((box) => box !== null) && boxes.length ? readingOrder(boxes) : null;
    },
  };
}

/**
 * The softmax at a temperature other than the network's own, as the API computes it.
 * @param {Tools} tools
 */
function createSoftmaxTrial({ t, redraw }) {
  /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
  const explanation = createExplanation("unit", { t, redraw });
  let temperature = 1;
  return {
    /** @param {number} chosen */
    setTemperature(chosen) {
      temperature = chosen;
      redraw();
    },
    /**
     * @param {Lab} lab
     * @param {Record<string, string>} parameters of the unit
     * @param {NonNullable<UnitExplained["softmax"]>} own the network's own
     * @param {number} unit
     * @returns {[softmax: NonNullable<UnitExplained["softmax"]>, unit: number, temperature: number, isStale: boolean]}
     */
    of(lab, parameters, own, unit) {
      if (temperature === 1) return [own, unit, temperature, false];
      const { answer, fresh } = explanation.of(lab, { ...parameters, top: "1", temperature: String(temperature) });
      return [answer?.softmax ?? own, unit, temperature, !fresh];
    },
  };
}

/** @type {(dialog: ReturnType<typeof createRecomputeDialog>, lab: Lab, explained: UnitExplained) => void} */
function openRecompute(dialog, { question, pinned }, { source }) {
  if (!question || !pinned) return;
  const { body, model, fit } = question;
  const { layer, spot } = pinned;
  const type = body.type.startsWith("image/") ? body.type : "application/octet-stream";
  const file = body instanceof File ? body.name : `drawing.${type.split("/")[1]}`;
  const { origin } = location;
  const words = recomputeCode({ origin, model, layer, source: source.layer, spot, file, type, fit });
  dialog.open({ words, image: body, file });
}

/** @type {(explained: UnitExplained, spot: import("../../../lib/screen/grid.js").Spot) => number | null} the index of its weight */
function weightUnder(explained, { row, column, channel }) {
  return weightAt(explained, explained.source.shape.length === 1 ? { unit: channel } : { row, column, channel });
}
