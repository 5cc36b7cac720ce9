/**
 * Every layer of one network in order, or one of them over the whole stage.
 */

import { drawnPicture } from "../../lib/network/networks.js";
import { endOf } from "../../lib/network/shown.js";
import { readsImage } from "../../lib/network/templates.js";
import { fitStage, planStage, STACKED } from "../../lib/screen/stage.js";
import { enlargedRoom, inspectorHeight, outputRoom } from "../../lib/screen/stage-room.js";
import { element } from "../parts/dom.js";
import { createEnlarging } from "./enlarging.js";
import { createLayerPanel } from "./layer-panel.js";
import { createRule } from "./rule.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {import("../../lib/screen/stage.js").Block} Block
 * @typedef {import("../../lib/screen/stage.js").Plan} Plan
 * @typedef {import("../../lib/screen/stage-room.js").Form} Form
 * @typedef {import("./layer-panel.js").PanelEvents} PanelEvents
 * @typedef {import("./panel-picture.js").PanelContent} PanelContent
 * @typedef {ReturnType<typeof createLayerPanel>} Panel
 * @typedef {ReturnType<typeof createRule>} Rule
 *
 * @typedef {{layer: LayerCard, spot: Spot}} Mark
 *
 * @typedef {object} StageContent
 * @property {Map<string, Reading> | null} readings
 * @property {(layer: LayerCard, reading: Reading | null) => PanelContent} contentOf
 * @property {Uint32Array} table
 *
 * @typedef {object} StageOptions
 * @property {ModelCard} card
 * @property {Texts} t
 * @property {HTMLElement | null} sees stands first, where the layers are units
 * @property {(side: number) => void} onSeesSize
 * @property {PanelEvents} events
 */

/**
 * @param {HTMLElement} host
 * @param {HTMLElement} outputHost where the layer that answers stands, unless layers stand one below the other
 * @param {StageOptions} options
 */
export function createStage(host, outputHost, options) {
  const { card, sees, onSeesSize } = options;
  const plan = planStage(card.layers);
  const picture = drawnPicture(card);
  const createPanel = panelMaker(options);
  const { panels, rules } = build(host, plan, createPanel, options);
  const output = plan.output && createPanel(plan.output);
  if (output) panels.set(output.layer.name, output);
  const enlarging = createEnlarging(host, ({ name }) => panels.get(name) ?? null, createPanel);
  /** @type {StageContent | null} */
  let content = null;

  /** @returns {Panel[]} */
  const allPanels = () => [...panels.values(), ...(enlarging.opened ? [enlarging.opened] : [])];
  /** @param {string} name */
  const panelNamed = (name) => panels.get(name) ?? enlarging.opened;

  function fit() {
    if (!frameOf(host).clientWidth) return; // the page is not laid out yet
    const form = formOf(host);
    if (output) placeOutput(form.stacked ? host : outputHost, enlarging.heldPlace(output));
    const room = roomOf(host, plan, form);
    const seesSide = sees && !form.stacked ? card.input.shape[1] : 0;
    const fitted = fitStage(plan, room, { seesSide, ...form });
    onSeesSize(fitted.sees);
    for (const [name, size] of fitted.panels) panels.get(name)?.setRoom(size);
    const widths = { host: host.clientWidth, output: outputHost.clientWidth, sees: fitted.sees };
    output?.setRoom(outputRoom(form, widths, picture !== null));
    const stage = { width: room.width, height: fitted.height };
    const large = enlarging.panel;
    large?.setRoom(enlargedRoom(form, stage, large.layer.shape.length === 3));
    host.style.setProperty("--maps-gap", fitted.gap === undefined ? "" : `${fitted.gap}px`);
    host.style.minBlockSize = form.stacked ? "" : `${fitted.height}px`;
    if (content) paint(allPanels(), rules, content);
  }

  const resizing = new ResizeObserver(fit);
  for (const each of [frameOf(host), host]) resizing.observe(each); // on a phone's side the pad's tools narrow the stage alone

  return {
    plan,
    /** @param {StageContent} next */
    update(next) {
      content = next;
      paint(allPanels(), rules, next);
    },
    /** @param {string | null} name of the layer that takes the stage; null gives it back */
    enlarge(name) {
      enlarging.close();
      const layer = card.layers.find((each) => each.name === name);
      if (layer) enlarging.open(layer);
      fit();
    },
    /** @type {(read: Mark | null, pinned: Mark | null) => void} */
    mark(read, pinned) {
      for (const panel of allPanels()) panel.mark(spotIn(panel, read), spotIn(panel, pinned));
    },
    /** @type {(name: string, spot: Spot) => DOMRect | null} where a value stands in the window; null where its layer is out of sight */
    rectOf: (name, spot) => panelNamed(name)?.rectOf(spot) ?? null,
    /** @param {string} name of the layer whose picture takes the focus */
    focus: (name) => panelNamed(name)?.focus(),
    fit,
    destroy() {
      resizing.disconnect();
      for (const each of [...panels.values(), ...rules]) each.destroy();
      host.replaceChildren();
      outputHost.replaceChildren();
      delete host.dataset.enlarged;
    },
  };
}

/** @type {(host: HTMLElement) => HTMLElement} */
const frameOf = (host) => /** @type {HTMLElement} */ (host.closest("main"));

/** @type {(options: StageOptions) => (layer: LayerCard) => Panel} */
function panelMaker({ card, t, events }) {
  const picture = drawnPicture(card);
  return (layer) => {
    const columns = layer === picture?.layer ? picture.columns : undefined;
    return createLayerPanel(layer, t, events, { templates: readsImage(card, layer), columns });
  };
}

/**
 * @param {HTMLElement} host
 * @param {Plan} plan
 * @param {(layer: LayerCard) => Panel} createPanel
 * @param {StageOptions} options
 */
function build(host, plan, createPanel, { t, sees, events }) {
  /** @type {Map<string, Panel>} by layer name */
  const panels = new Map();
  /** @type {Rule[]} */
  const rules = [];

  /** @param {Block} block */
  function buildBlock(block) {
    const own = block.panels.map(createPanel);
    for (const panel of own) panels.set(panel.layer.name, panel);
    const lines = block.rules.map((layer) => createRule(layer, t, events.onOpen));
    rules.push(...lines);
    return element(
      "div",
      { class: "block" },
      element("div", { class: "panels" }, ...own.map((panel) => panel.element)),
      element("div", { class: "rules" }, ...lines.map((rule) => rule.element)),
    );
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
  return { panels, rules };
}

/** @type {(host: HTMLElement) => Form} */
function formOf(host) {
  const line = Number.parseFloat(getComputedStyle(host).getPropertyValue("--line-small"));
  return { stacked: matchMedia(STACKED).matches, line, terse: frameOf(host).hasAttribute("data-sheet") };
}

/** @type {(host: HTMLElement, plan: Plan, form: Form) => import("../../lib/screen/stage.js").Size} */
function roomOf(host, plan, form) {
  const frame = frameOf(host);
  const around = getComputedStyle(frame);
  const lengths = [around.paddingBlockStart, around.paddingBlockEnd, around.rowGap];
  const rest = lengths.reduce((sum, each) => sum + Number.parseFloat(each), 0);
  const hasMaps = plan.blocks.some((block) => block.form === "maps");
  return { width: host.clientWidth, height: frame.clientHeight - rest - inspectorHeight(form, hasMaps) };
}

/** @type {(home: HTMLElement, held: HTMLElement) => void} */
function placeOutput(home, held) {
  if (held.parentElement !== home) home.append(held);
}

/** @type {(panels: Panel[], rules: Rule[], content: StageContent) => void} */
function paint(panels, rules, { readings, contentOf, table }) {
  const contentIn = (/** @type {LayerCard} */ layer) => contentOf(layer, readings?.get(layer.name) ?? null);
  for (const panel of panels) panel.update(contentIn(panel.layer));
  for (const rule of rules) {
    const { shown, end } = contentIn(rule.layer);
    rule.update(shown?.tensor ?? null, endOf(end, 0), table);
  }
}

/** @type {(panel: Panel, mark: Mark | null) => Spot | null} */
const spotIn = ({ layer }, mark) => (mark?.layer.name === layer.name ? mark.spot : null);
