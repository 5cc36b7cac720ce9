/**
 * Two slots beside each other: the choice of A, who stands in each slot, both probabilities of every class, and the layers as pictures.
 */

import { COMPARE_VIEWS, comparedLayers, comparedValues } from "../../lib/network/comparison.js";
import { createMiniLayers } from "../layers/mini-layers.js";
import { createNamedSelect, createSegmented } from "../parts/choices.js";
import { element } from "../parts/dom.js";
import { createPairedBars } from "./paired-bars.js";
import { createSlotCard } from "./slot-card.js";

/**
 * @typedef {import("../../lib/api/types.js").Frame} Frame
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/network/comparison.js").CompareView} CompareView
 * @typedef {import("../../lib/network/comparison.js").Readings} Readings
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {{kind: "input" | "network", card: ModelCard, frame: Frame | null, readings: Readings, trouble: string}} Held
 *
 * @typedef {object} CompareContent
 * @property {Held | null} held what stands in slot A
 * @property {Frame | null} frame of slot B
 * @property {Readings} readings of slot B
 * @property {CompareView} view
 * @property {string[]} before layers that were switched to their other side
 * @property {(layer: LayerCard) => number} endOf where a layer's colour scale ends
 * @property {Uint32Array} table
 *
 * @typedef {object} CompareOptions
 * @property {ModelCard} card
 * @property {Texts} t
 * @property {{name: string, title: string}[]} networks that can stand in slot A
 * @property {boolean} hasPair
 * @property {() => void} onKeep
 * @property {(name: string) => void} onNetwork an empty name is none
 * @property {() => void} onPair
 * @property {() => void} onClear
 * @property {(view: CompareView) => void} onView
 */

const NONE = "";
const AROUND_PX = { width: 48, height: 24 }; // the rows' names, the columns' heads

/** @param {CompareOptions} options */
export function createCompareView(options) {
  const { card, t } = options;
  const parts = build(options);
  /** @type {{of: ModelCard, layers: LayerCard[], mini: ReturnType<typeof createMiniLayers>} | null} */
  let pairs = null;

  /** @param {Held} held */
  function pairsWith(held) {
    if (pairs?.of === held.card) return pairs;
    const layers = comparedLayers(card.layers, held.card.layers);
    const mini = createMiniLayers(layers, held.kind === "input" ? ["A", "B", "B − A"] : ["A", "B"], t);
    parts.miniHost.replaceChildren(mini.element);
    pairs = { of: held.card, layers, mini };
    return pairs;
  }

  /** @type {(held: Held, content: CompareContent) => void} */
  function paintPairs(held, { readings, before, endOf, table }) {
    const { layers, mini } = pairsWith(held);
    const { miniHost } = parts;
    const pair = { a: held.readings, b: readings, before };
    /** @type {CompareView[]} */
    const rows = held.kind === "input" ? ["a", "b", "difference"] : ["a", "b"];
    mini.update({
      room: {
        width: miniHost.clientWidth - AROUND_PX.width,
        height: miniHost.clientHeight - AROUND_PX.height,
      },
      rows: rows.map((row) => (layer) => comparedValues(row, pair, layer)),
      endOf,
      table,
    });
    miniHost.hidden = layers.length === 0;
  }

  return {
    element: parts.whole,
    /** @param {CompareContent} content */
    update(content) {
      paintControls(parts, content);
      const { held } = content;
      if (!held) return;
      paintSlots(parts, options, held, content.frame);
      paintPairs(held, content);
    },
  };
}

/** @type {(words: string, act: () => void) => HTMLButtonElement} */
function button(words, act) {
  const made = element("button", { type: "button", class: "control" }, words);
  made.addEventListener("click", act);
  return made;
}

/** @param {CompareOptions} options */
function build({ card, t, networks, hasPair, onKeep, onNetwork, onPair, onClear, onView }) {
  const keep = button(t("compare.keep"), onKeep);
  const choices = [[NONE, "–"], ...networks.map(({ name, title }) => [name, title])];
  const network = createNamedSelect(t("compare.network"), choices, onNetwork);
  const pair = button(t("compare.pair"), onPair);
  const clear = button(t("compare.clear"), onClear);
  const views = createSegmented(
    t("compare.view"),
    COMPARE_VIEWS.map((each) => [each, t(`compare.view.${each}`)]),
    (chosen) => onView(/** @type {CompareView} */ (chosen)),
  );
  const how = element("p", { class: "hint" }, t("compare.how"));
  const [cardA, cardB] = [createSlotCard("A", t), createSlotCard("B", t)];
  const labels = card.classes[t.language] ?? card.classes.en;
  const bars = createPairedBars({ labels, language: t.language, unit: t("compare.points") });
  const miniHost = element("div", { class: "compare-layers" });
  const shown = [keep, network.element, pair, clear, views.element, how];
  const controls = element("div", { class: "compare-controls" }, ...shown);
  const who = element("div", { class: "compare-who" }, cardA.element, cardB.element);
  const whole = element("div", { class: "compare" }, controls, who, bars.element, miniHost);
  network.element.hidden = networks.length === 0;
  pair.hidden = !hasPair;
  return { labels, keep, network, clear, views, how, cardA, cardB, bars, miniHost, who, whole };
}

/** @type {(parts: ReturnType<typeof build>, content: CompareContent) => void} */
function paintControls({ keep, network, clear, views, how, who, bars, miniHost }, { held, frame, view }) {
  keep.disabled = !frame;
  network.update(held?.kind === "network" ? held.card.name : NONE);
  clear.hidden = views.element.hidden = !held;
  how.hidden = Boolean(held);
  for (const each of [who, bars.element, miniHost]) each.hidden = !held;
  if (held) views.update(view, held.kind === "network" ? ["difference"] : []);
}

/** @type {(parts: ReturnType<typeof build>, options: CompareOptions, held: Held, frame: Frame | null) => void} */
function paintSlots({ cardA, cardB, bars, labels }, { card, t }, held, frame) {
  const name = (/** @type {ModelCard} */ of) => of.title[t.language] ?? of.name;
  const isNetwork = held.kind === "network";
  const title = isNetwork ? name(held.card) : t("compare.kept");
  cardA.update({ title: held.trouble || title, labels, input: held.card.input.shape, frame: held.frame });
  cardB.update({ title: isNetwork ? name(card) : t("compare.now"), labels, input: card.input.shape, frame });
  const shares = (/** @type {Frame | null} */ each) =>
    each?.answer.probabilities.map(({ probability }) => probability) ?? null;
  bars.update(shares(held.frame), shares(frame));
}
