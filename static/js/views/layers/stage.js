/**
 * Every layer of one network in order, or one of them over the whole stage.
 */

import { drawnPicture } from "../../lib/network/networks.js";
import { endOf } from "../../lib/network/shown.js";
import { readsImage } from "../../lib/network/templates.js";
import { fitStage, planStage, STACKED } from "../../lib/screen/stage.js";
import { element } from "../parts/dom.js";
import { createLayerPanel } from "./layer-panel.js";
import { createRule } from "./rule.js";

/**
 * @typedef {import("../../lib/api/types.js").ModelCard} ModelCard
 * @typedef {import("../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/stage.js").Block} Block
 * @typedef {import("./layer-panel.js").PanelContent} PanelContent
 * @typedef {import("./layer-panel.js").PanelEvents} PanelEvents
 * @typedef {ReturnType<typeof createLayerPanel>} Panel
 * @typedef {ReturnType<typeof createRule>} Rule
 *
 * @typedef {{layer: LayerCard, spot: Spot}} Mark
 *
 * @typedef {object} StageContent
 * @property {Map<string, Reading> | null} readings
 * @property {(layer: LayerCard, reading: Reading | null) => PanelContent} contentOf
 * @property {Uint32Array} table
 */

const SHEET_LINES = 15.5;
const OUTPUT_HEIGHT = 26;
const OUTPUT_HEIGHT_STACKED = 44;

/**
 * @param {HTMLElement} host
 * @param {HTMLElement} outputHost where the layer that answers stands, unless layers stand one below the other
 * @param {object} options
 * @param {ModelCard} options.card
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {HTMLElement | null} options.sees stands first, where the layers are units
 * @param {(side: number) => void} options.onSeesSize
 * @param {PanelEvents} options.events
 */
export function createStage(host, outputHost, { card, t, sees, onSeesSize, events }) {
  const plan = planStage(card.layers);
  const picture = drawnPicture(card);
  const frame = /** @type {HTMLElement} */ (host.closest("main"));
  /** @type {Map<string, Panel>} */
  const panels = new Map();
  /** @type {Rule[]} */
  const rules = [];
  /** @type {Panel | null} */
  let enlarged = null;
  /** @type {Panel | null} */
  let opened = null; // the panel of a rule, made while it is open
  /** @type {HTMLElement | null} */
  let place = null; // holds an enlarged panel's place in its row

  const formOf = (/** @type {LayerCard} */ layer) => ({
    templates: readsImage(card, layer),
    columns: layer === picture?.layer ? picture.columns : undefined,
  });
  const panelOf = (/** @type {LayerCard} */ layer) => {
    const panel = createLayerPanel(layer, t, events, formOf(layer));
    panels.set(layer.name, panel);
    return panel;
  };

  /** @param {Block} block */
  function buildBlock(block) {
    const row = element("div", { class: "panels" }, ...block.panels.map((layer) => panelOf(layer).element));
    const line = element("div", { class: "rules" });
    for (const layer of block.rules) {
      const rule = createRule(layer, t, events.onOpen);
      rules.push(rule);
      line.append(rule.element);
    }
    return element("div", { class: "block" }, row, line);
  }

  const maps = plan.blocks.filter((block) => block.form === "maps");
  const units = plan.blocks.filter((block) => block.form === "units");
  if (sees) host.append(sees);
  if (maps.length) host.append(element("div", { class: "map-blocks" }, ...maps.map(buildBlock)));
  for (const block of units) {
    const built = buildBlock(block);
    built.classList.toggle("strip", maps.length > 0);
    host.append(built);
  }
  const output = plan.output && panelOf(plan.output);

  /** @type {StageContent | null} */
  let content = null;
  let height = 0;

  /** @param {boolean} stacked */
  function placeOutput(stacked) {
    if (!output) return;
    const [home, held] = [stacked ? host : outputHost, enlarged === output && place ? place : output.element];
    if (held.parentElement !== home) home.append(held);
  }

  function fit() {
    if (!frame.clientWidth) return;
    const stacked = matchMedia(STACKED).matches;
    placeOutput(stacked);
    const line = Number.parseFloat(getComputedStyle(host).getPropertyValue("--line-small"));
    const around = getComputedStyle(frame);
    const rest = [around.paddingBlockStart, around.paddingBlockEnd, around.rowGap].reduce(
      (sum, each) => sum + Number.parseFloat(each),
      0,
    );
    const terse = frame.hasAttribute("data-sheet"); // an open sheet of the inspector takes the room of the words below the units
    const inspector = line * (terse ? SHEET_LINES : maps.length ? 9.5 : 12.5);
    const room = { width: host.clientWidth, height: frame.clientHeight - rest - inspector };
    const seesSide = sees && !stacked ? card.input.shape[1] : 0;
    const {
      panels: sizes,
      sees: side,
      height: stageHeight,
      gap,
    } = fitStage(plan, room, { seesSide, stacked, line, terse });
    height = stageHeight;
    onSeesSize(side);
    for (const [name, size] of sizes) panels.get(name)?.setRoom(size);
    output?.setRoom(outputRoom(stacked, { line, side }));
    const large = enlarged ?? opened;
    large?.setRoom({
      width: room.width,
      height: stacked
        ? room.width
        : height - 2 * line - 12 - (large.layer.shape.length === 3 || terse ? 0 : 2 * line + 4),
    });
    host.style.setProperty("--maps-gap", gap === undefined ? "" : `${gap}px`);
    host.style.minBlockSize = stacked ? "" : `${height}px`;
    update();
  }

  /** @type {(stacked: boolean, sizes: {line: number, side: number}) => import("../../lib/screen/stage.js").Size} a picture as large as what the network sees */
  function outputRoom(stacked, { line, side }) {
    if (stacked) return { width: host.clientWidth, height: picture ? host.clientWidth : OUTPUT_HEIGHT_STACKED };
    return picture
      ? { width: side, height: side, words: outputHost.clientWidth }
      : { width: outputHost.clientWidth, height: OUTPUT_HEIGHT * (line / 16) };
  }

  function update() {
    if (!content) return;
    const { readings, contentOf, table } = content;
    for (const panel of [...panels.values(), ...(opened ? [opened] : [])]) {
      panel.update(contentOf(panel.layer, readings?.get(panel.layer.name) ?? null));
    }
    for (const { update: paint, layer } of rules) {
      const { shown, end } = contentOf(layer, readings?.get(layer.name) ?? null);
      paint(shown?.tensor ?? null, endOf(end, 0), table);
    }
  }

  const resizing = new ResizeObserver(fit);
  for (const each of [frame, host]) resizing.observe(each); // on a phone's side the pad's tools narrow the stage alone

  function close() {
    enlarged?.setEnlarged(false);
    opened?.destroy();
    if (enlarged && place) place.replaceWith(enlarged.element);
    host.querySelector(".enlarged")?.remove();
    delete host.dataset.enlarged;
    enlarged = opened = place = null;
  }

  return {
    plan,
    /** @param {StageContent} next */
    update(next) {
      content = next;
      update();
    },
    /** @param {string | null} name of the layer that takes the stage; null gives it back */
    enlarge(name) {
      close();
      const layer = card.layers.find((each) => each.name === name);
      if (layer) {
        const own = panels.get(layer.name) ?? null;
        enlarged = own;
        opened = own ? null : createLayerPanel(layer, t, events, formOf(layer));
        const panel = /** @type {Panel} */ (own ?? opened);
        if (own) {
          place = element("div");
          own.element.replaceWith(place);
        }
        host.append(element("div", { class: "enlarged" }, panel.element));
        host.dataset.enlarged = layer.name;
        panel.setEnlarged(true);
      }
      fit();
    },
    /** @type {(read: Mark | null, pinned: Mark | null) => void} the value that is read now, and the one that is to stay */
    mark(read, pinned) {
      const spotIn = (/** @type {Panel} */ { layer }, /** @type {Mark | null} */ mark) =>
        mark?.layer.name === layer.name ? mark.spot : null;
      for (const panel of [...panels.values(), ...(opened ? [opened] : [])])
        panel.mark(spotIn(panel, read), spotIn(panel, pinned));
    },
    /** @type {(name: string, spot: Spot) => DOMRect | null} where a value stands in the window; null where its layer is out of sight */
    rectOf: (name, spot) => (panels.get(name) ?? opened)?.rectOf(spot) ?? null,
    /** @param {string} name of the layer whose picture takes the focus */
    focus(name) {
      (panels.get(name) ?? opened)?.focus();
    },
    fit,
    destroy() {
      resizing.disconnect();
      for (const panel of panels.values()) panel.destroy();
      for (const rule of rules) rule.destroy();
      host.replaceChildren();
      outputHost.replaceChildren();
      delete host.dataset.enlarged;
    },
  };
}
