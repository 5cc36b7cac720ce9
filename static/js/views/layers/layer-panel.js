/**
 * One layer with its words: title, size, parameters, range, the switches that belong to it, and its map.
 */

import { hasSlices } from "../../lib/network/kernels.js";
import { layerKind, layerParameters, layerTitle, shortParameters, shortTitle } from "../../lib/network/names.js";
import { factChoices, panelWords } from "../../lib/network/panel-words.js";
import { formatShape } from "../../lib/screen/format.js";
import { element, icon } from "../parts/dom.js";
import { createPanelPicture } from "./panel-picture.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {import("../../lib/screen/stage.js").Size} Size
 * @typedef {import("./panel-picture.js").PanelContent} PanelContent
 *
 * @typedef {object} PanelEvents
 * @property {(layer: LayerCard, spot: Spot) => void} onSpot
 * @property {(layer: LayerCard, spot: Spot) => void} onPin
 * @property {(layer: LayerCard) => void} onOpen
 * @property {(layer: LayerCard) => void} onBefore
 * @property {(layer: LayerCard) => void} onKernels
 * @property {(layer: LayerCard, step: number) => void} onOutput another map's kernel is chosen
 *
 * @typedef {object} PanelForm
 * @property {boolean} [templates] whether its units read the image, so that the weights of each are a picture
 * @property {number} [columns] how wide the picture is whose pixels the units are
 */

const NARROW_PX = 100; // a strip: the shortest words

/**
 * @param {LayerCard} layer
 * @param {Texts} t
 * @param {PanelEvents} events
 * @param {PanelForm} [form]
 */
export function createLayerPanel(layer, t, events, { templates = false, columns } = {}) {
  const parts = build(layer, t, templates);
  /** @type {Size} */
  let room = { width: 0, height: 0 };
  let factWords = ""; // the layer's own, as they fit
  let enlarged = false;

  const picture = createPanelPicture(parts.host, layer, {
    label: mapLabel(layer, t),
    columns,
    onSpot: (unit) => events.onSpot(layer, unit),
    onPin: (unit, isSmall) => (isSmall && !enlarged ? events.onOpen(layer) : events.onPin(layer, unit)),
    onOpen: () => events.onOpen(layer),
  });
  listen(parts, layer, events, () => templates && !enlarged);

  /** @returns {import("../../lib/network/panel-words.js").Room} */
  const roomForWords = () => ({ isNarrow: room.narrow ?? room.width < NARROW_PX, width: room.width });

  return {
    element: parts.whole,
    layer,
    /** @param {Size} size for the canvas */
    setRoom(size) {
      room = size;
      const forWords = roomForWords();
      parts.whole.style.inlineSize = `${size.words ?? size.width}px`;
      placeActivation(parts, forWords.isNarrow);
      factWords = fitWords(parts, layer, forWords, t);
    },
    /** @param {PanelContent} content */
    update(content) {
      if (!room.width) return;
      paintWords(parts, panelWords(layer, content, roomForWords(), t), content, factWords);
      picture.update(content, room);
    },
    mark: picture.mark,
    focus: picture.focus,
    rectOf: picture.rectOf,
    /** @param {boolean} is whether it has the whole stage */
    setEnlarged(is) {
      enlarged = is;
      paintEnlarged(parts, layer, is, t);
    },
    destroy() {
      picture.destroy();
      parts.whole.remove();
    },
  };
}

/** @type {(layer: LayerCard, t: Texts) => string} for a screen reader */
function mapLabel(layer, t) {
  const shape = formatShape(layer.shape, t.language);
  return t("panel.map", { title: layerTitle(layer.name, t), kind: layerKind(layer, t), shape });
}

/** @type {(name: string, label: string, face: string | SVGSVGElement) => HTMLButtonElement} */
const chip = (name, label, face) =>
  element("button", { type: "button", class: name, "aria-label": label, title: label }, face);

/** @param {LayerCard} layer @param {Texts} t @param {boolean} templates */
function build(layer, t, templates) {
  const title = layerTitle(layer.name, t);
  const maps = layer.shape.length === 3;
  const buttons = buildButtons(layer, t, templates);
  const { activation, kernels, previous, next, enlarge } = buttons;
  const [heading, facts] = [element("h3", {}, title), element("p", { class: "facts" })];
  const range = element("span", { class: "range" });
  const name = element("div", { class: "panel-name" }, heading, ...(activation ? [activation] : []));
  const first = element("div", { class: "panel-line" }, name, ...(maps ? [range] : []));
  const switches = [previous, next, ...(kernels ? [kernels] : []), enlarge];
  const second = element("div", { class: "panel-line" }, facts, ...switches);
  const host = element("div", { class: "map" });
  const head = element("div", { class: "panel-head" }, first, second);
  const frame = { class: "panel", "aria-label": title, "data-layer": layer.name };
  const whole = element("section", frame, head, host);
  const [parameters, spread, silence] = [element("span"), element("span"), element("span")];
  const values = element("span", { class: "foot-line" }, spread, silence);
  if (!maps) whole.append(element("p", { class: "foot" }, parameters, values));
  return { ...buttons, maps, heading, facts, range, name, second, host, whole, parameters, spread, silence };
}

/** @param {LayerCard} layer @param {Texts} t @param {boolean} templates */
function buildButtons(layer, t, templates) {
  const title = layerTitle(layer.name, t);
  const name = layer.activation ? t(`activation.${layer.activation}`) : "";
  const hasKernels = layer.kind === "convolution" || templates;
  const kernelsLabel = hasKernels ? t(templates ? "panel.templates" : "panel.kernels", { title }) : "";
  const previous = chip("chip small", t("panel.kernel.previous"), "‹");
  const next = chip("chip small", t("panel.kernel.next"), "›");
  previous.hidden = next.hidden = true;
  const enlarge = chip("chip small", t("panel.enlarge", { title }), icon("enlarge"));
  enlarge.classList.add("enlarge");
  return {
    activation: name ? chip("chip", t("panel.activation", { title, activation: name }), name) : null,
    kernels: hasKernels ? chip("chip small", kernelsLabel, icon("kernels")) : null,
    previous,
    next,
    enlarge,
  };
}

/** @typedef {ReturnType<typeof build>} Parts */

/** @type {(parts: Parts, layer: LayerCard, events: PanelEvents, needsStage: () => boolean) => void} `needsStage`: hundreds of kernels do */
function listen({ activation, kernels, previous, next, enlarge }, layer, events, needsStage) {
  activation?.addEventListener("click", () => events.onBefore(layer));
  kernels?.addEventListener("click", () => {
    const asked = kernels.getAttribute("aria-pressed") !== "true";
    events.onKernels(layer);
    if (asked && needsStage()) events.onOpen(layer);
  });
  previous.addEventListener("click", () => events.onOutput(layer, -1));
  next.addEventListener("click", () => events.onOutput(layer, 1));
  enlarge.addEventListener("click", () => events.onOpen(layer));
}

/** @type {(parts: Parts, isNarrow: boolean) => void} in a strip it stands in the second line */
function placeActivation({ whole, activation, name, second, previous, heading }, isNarrow) {
  whole.toggleAttribute("data-narrow", isNarrow);
  if (!activation) return;
  if (isNarrow) second.insertBefore(activation, previous);
  else name.insertBefore(activation, heading.nextSibling);
}

/**
 * Choose the longest words that fit: letters are wider on one system than on another.
 * @type {(parts: Parts, layer: LayerCard, room: import("../../lib/network/panel-words.js").Room, t: Texts) => string}
 */
function fitWords({ previous, next, heading, facts, parameters, maps }, layer, room, t) {
  previous.hidden = next.hidden = true;
  const short = shortTitle(layer.name, t);
  sayWhatFits(heading, room.isNarrow ? [short] : [layerTitle(layer.name, t), short]);
  const choices = factChoices(layer, room, t);
  const words = sayWhatFits(facts, choices);
  parameters.hidden = !maps && !room.isNarrow && words === choices[0];
  sayWhatFits(parameters, [layerParameters(layer, t), shortParameters(layer, t)]);
  return words;
}

/** @type {(host: HTMLElement, choices: string[]) => string} the first that is not cut off, or else the last */
function sayWhatFits(host, choices) {
  for (const words of choices) {
    host.textContent = words;
    if (host.scrollWidth <= host.clientWidth) break;
  }
  return host.textContent ?? "";
}

/** @type {(parts: Parts, words: import("../../lib/network/panel-words.js").PanelWords, content: PanelContent, factWords: string) => void} */
function paintWords(parts, words, { before, kernel }, factWords) {
  const { activation, kernels, previous, next, range, facts, spread, silence } = parts;
  if (activation && words.activation) {
    activation.textContent = words.activation.words;
    activation.toggleAttribute("data-named", words.activation.isNamed);
    activation.setAttribute("aria-pressed", String(!before));
  }
  kernels?.setAttribute("aria-pressed", String(Boolean(kernel)));
  previous.hidden = next.hidden = !hasSlices(kernel);
  range.textContent = spread.textContent = words.range;
  facts.textContent = words.facts ?? factWords;
  facts.title = words.about;
  silence.textContent = words.silence;
}

/** @type {(parts: Parts, layer: LayerCard, enlarged: boolean, t: Texts) => void} */
function paintEnlarged({ whole, enlarge }, layer, enlarged, t) {
  whole.toggleAttribute("data-enlarged", enlarged);
  enlarge.replaceChildren(icon(enlarged ? "back" : "enlarge"));
  const label = t(enlarged ? "panel.back" : "panel.enlarge", { title: layerTitle(layer.name, t) });
  enlarge.setAttribute("aria-label", label);
  enlarge.title = label;
}
