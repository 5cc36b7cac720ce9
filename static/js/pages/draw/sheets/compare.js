/**
 * Two slots: A is an input that was kept, or another network that reads along; B is what the page shows. Their answers, their
 * layers on one scale, and the difference.
 */

import { classifies, PAIR } from "../../../lib/network/networks.js";
import { difference, sharedLayers } from "../../../lib/network/pairs.js";
import { shownValues, showsBefore } from "../../../lib/network/shown.js";
import { createMiniLayers } from "../../../views/layers/mini-layers.js";
import { createNamedSelect, createSegmented } from "../../../views/parts/choices.js";
import { element } from "../../../views/parts/dom.js";
import { createPairedBars } from "../../../views/sheets/paired-bars.js";
import { createSlotCard } from "../../../views/sheets/slot-card.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 * @typedef {import("../asking/slot.js").Held} Held
 * @typedef {import("../../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../../lib/api/types.js").Tensor} Tensor
 */

const VIEWS = ["b", "a", "difference"];
const NONE = "";

/** @type {import("../types.js").SheetKind} */
export const compare = {
  name: "compare",
  about: "image",
  fits: classifies,
  create({ card, t, models, slot, redraw, showPair }) {
    const labels = card.classes[t.language] ?? card.classes.en;
    let view = "b";
    /** @type {{of: Held["card"], layers: LayerCard[], mini: ReturnType<typeof createMiniLayers>} | null} */
    let pairs = null;
    /** @type {Lab | null} */
    let lab = null;

    /** @type {(words: string, act: () => void) => HTMLButtonElement} */
    const button = (words, act) => {
      const made = element("button", { type: "button", class: "control" }, words);
      made.addEventListener("click", act);
      return made;
    };
    const alike = models.filter(
      (each) => each.name !== card.name && classifies(each) && each.input.preprocessing === card.input.preprocessing,
    );
    const keep = button(t("compare.keep"), () => lab?.frame && lab.readings && slot.pin(lab.frame, lab.readings, card));
    const network = createNamedSelect(
      t("compare.network"),
      [[NONE, "–"], ...alike.map(({ name, title }) => [name, title[t.language] ?? name])],
      (name) => (name ? slot.follow(name) : slot.clear()),
    );
    const pair = button(t("compare.pair"), showPair);
    const clear = button(t("compare.clear"), slot.clear);
    const views = createSegmented(
      t("compare.view"),
      VIEWS.map((each) => [each, t(`compare.view.${each}`)]),
      (chosen) => {
        view = chosen;
        redraw();
      },
    );
    const how = element("p", { class: "hint" }, t("compare.how"));
    const [cardA, cardB] = [createSlotCard("A", t), createSlotCard("B", t)];
    const bars = createPairedBars({ labels, language: t.language, unit: t("compare.points") });
    const miniHost = element("div", { class: "compare-layers" });
    const controls = element(
      "div",
      { class: "compare-controls" },
      keep,
      network.element,
      pair,
      clear,
      views.element,
      how,
    );
    const who = element("div", { class: "compare-who" }, cardA.element, cardB.element);
    const whole = element("div", { class: "compare" }, controls, who, bars.element, miniHost);
    network.element.hidden = alike.length === 0;
    pair.hidden = !PAIR.every((name) => models.some((model) => model.name === name)) || !PAIR.includes(card.name);

    /** @type {(held: Held) => NonNullable<typeof pairs>} */
    function pairsWith(held) {
      if (pairs?.of === held.card) return pairs;
      const computing = card.layers.slice(0, -1).filter(({ kind }) => kind === "dense" || kind === "convolution");
      const layers = sharedLayers(computing, held.card.layers);
      const rows = held.kind === "input" ? ["A", "B", "B − A"] : ["A", "B"];
      const mini = createMiniLayers(layers, rows, t);
      miniHost.replaceChildren(mini.element);
      pairs = { of: held.card, layers, mini };
      return pairs;
    }

    /** @type {(readings: Map<string, Reading> | null, layer: LayerCard) => Tensor | null} */
    const shownOf = (readings, layer) =>
      shownValues(readings?.get(layer.name) ?? null, lab !== null && showsBefore(layer, lab.state.before))?.tensor ??
      null;

    /** @type {(held: Held, layer: LayerCard) => Tensor | null} */
    function changeOf(held, layer) {
      const [a, b] = [shownOf(held.readings, layer), shownOf(lab?.readings ?? null, layer)];
      return a && b ? difference(a, b) : null;
    }

    /** @type {(held: Held | null) => "a" | "b" | "difference"} units of two networks have nothing to do with each other */
    const possible = (held) =>
      !held?.readings || (held.kind === "network" && view === "difference")
        ? "b"
        : /** @type {"a" | "b" | "difference"} */ (view);

    /** @param {Held} held */
    function showPairs(held) {
      const { layers, mini } = pairsWith(held);
      const side = (/** @type {HTMLElement} */ host) => ({
        width: host.clientWidth - 48,
        height: host.clientHeight - 24,
      });
      mini.update({
        room: side(miniHost),
        rows: [
          (layer) => shownOf(held.readings, layer),
          (layer) => shownOf(lab?.readings ?? null, layer),
          ...(held.kind === "input" ? [(/** @type {LayerCard} */ layer) => changeOf(held, layer)] : []),
        ],
        endOf: (layer) => lab?.endOf(layer, showsBefore(layer, lab.state.before), 0) ?? 1,
        table: /** @type {Lab} */ (lab).palette.table,
      });
      miniHost.hidden = layers.length === 0;
    }

    return {
      element: whole,
      update(next) {
        lab = next;
        slot.update(next.question);
        const { held } = slot;
        const [a, b] = [held?.frame, next.frame].map(
          (frame) => frame?.answer.probabilities.map(({ probability }) => probability) ?? null,
        );
        keep.disabled = !next.frame;
        network.update(held?.kind === "network" ? held.card.name : NONE);
        clear.hidden = views.element.hidden = !held;
        how.hidden = Boolean(held);
        for (const each of [who, bars.element, miniHost]) each.hidden = !held;
        if (!held) return;
        views.update(possible(held), held.kind === "network" ? ["difference"] : []);
        const name = (/** @type {typeof held.card} */ of) => of.title[t.language] ?? of.name;
        const title = held.kind === "network" ? name(held.card) : t("compare.kept");
        cardA.update({ title: held.trouble || title, labels, input: held.card.input.shape, frame: held.frame });
        cardB.update({
          title: held.kind === "network" ? name(card) : t("compare.now"),
          labels,
          input: card.input.shape,
          frame: next.frame,
        });
        bars.update(a, b);
        showPairs(held);
      },
      lens(next) {
        lab = next;
        const { held } = slot;
        const chosen = possible(held);
        if (!held || chosen === "b") return null;
        /** @type {Lens} */
        const lens = new Map();
        for (const layer of sharedLayers(card.layers, held.card.layers)) {
          const tensor = chosen === "a" ? shownOf(held.readings, layer) : changeOf(held, layer);
          if (tensor)
            lens.set(layer.name, {
              values: tensor.values,
              end: next.endOf(layer, showsBefore(layer, next.state.before), 0),
            });
        }
        return lens;
      },
      leave() {
        view = "b";
      },
    };
  },
};
