/**
 * One layer with its words: title, size, parameters, range, the switches that belong to it, and its map.
 */

import {
  layerKind,
  layerParameters,
  layerShape,
  layerTitle,
  rangeWords,
  shortParameters,
  shortTitle,
} from "../../lib/network/names.js";
import { formatCount, formatPercent, formatShape } from "../../lib/screen/format.js";
import { indexOf } from "../../lib/screen/grid.js";
import { element, icon } from "../parts/dom.js";
import { createLayerMap } from "./layer-map.js";
import {
  colourKernelPicture,
  isColourKernel,
  isTemplate,
  slicesPicture,
  templatesPicture,
  valuesPicture,
} from "./pictures.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../lib/api/types.js").Kernel} Kernel
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/api/types.js").Range} Range
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/stage.js").Size} Size
 *
 * @typedef {object} PanelContent
 * @property {{tensor: Tensor, range: Range} | null} shown the values on show, of whatever kind
 * @property {boolean} before whether they are those before the activation
 * @property {Kernel | null} kernel shown instead of values where there is one
 * @property {number} output the map whose kernel is shown as slices
 * @property {number | Float32Array} end where the colour scale ends, or of each map
 * @property {Int32Array | null} order which unit or map stands at each place; by their numbers where there is none
 * @property {readonly number[]} off units or maps that are switched off
 * @property {Uint32Array} table
 *
 * @typedef {object} PanelEvents
 * @property {(layer: LayerCard, spot: Spot) => void} onSpot
 * @property {(layer: LayerCard, spot: Spot) => void} onPin the value is wanted to stay
 * @property {(layer: LayerCard) => void} onOpen
 * @property {(layer: LayerCard) => void} onBefore
 * @property {(layer: LayerCard) => void} onKernels
 * @property {(layer: LayerCard, step: number) => void} onOutput another map's kernel is asked for
 */

const LEAST_TARGET_PX = 8;
const NARROW_PX = 100; // a strip: the shortest words
const ROOMY_PX = 240; // maps: three digits of a range, and whole words

/**
 * @param {LayerCard} layer
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {PanelEvents} events
 * @param {{templates?: boolean, columns?: number}} [form] whether its units read the image, so that the weights of each are a picture; how wide
 *   the picture is whose pixels the units are
 */
export function createLayerPanel(layer, t, events, { templates = false, columns } = {}) {
  const title = layerTitle(layer.name, t);
  const maps = layer.shape.length === 3;
  const chip = (
    /** @type {string} */ name,
    /** @type {string} */ label,
    /** @type {string | SVGSVGElement} */ face,
  ) => {
    const button = element("button", { type: "button", class: name, "aria-label": label, title: label }, face);
    return button;
  };

  const activation = layer.activation
    ? chip(
        "chip",
        t("panel.activation", { title, activation: t(`activation.${layer.activation}`) }),
        t(`activation.${layer.activation}`),
      )
    : null;
  activation?.addEventListener("click", () => events.onBefore(layer));

  const hasKernels = layer.kind === "convolution" || templates;
  const kernels = hasKernels
    ? chip("chip small", t(templates ? "panel.templates" : "panel.kernels", { title }), icon("kernels"))
    : null;
  kernels?.addEventListener("click", () => {
    const asked = kernels.getAttribute("aria-pressed") !== "true";
    events.onKernels(layer);
    if (templates && asked && !enlarged) events.onOpen(layer); // hundreds of pictures need the stage
  });
  const [previous, next] = [-1, 1].map((step) => {
    const button = chip(
      "chip small",
      t(step < 0 ? "panel.kernel.previous" : "panel.kernel.next"),
      step < 0 ? "‹" : "›",
    );
    button.addEventListener("click", () => events.onOutput(layer, step));
    button.hidden = true;
    return button;
  });
  const enlarge = chip("chip small", t("panel.enlarge", { title }), icon("enlarge"));
  enlarge.classList.add("enlarge");
  enlarge.addEventListener("click", () => events.onOpen(layer));

  const heading = element("h3", {}, title);
  const range = element("span", { class: "range" });
  const facts = element("p", { class: "facts" });
  const name = element("div", { class: "panel-name" }, heading, ...(activation ? [activation] : []));
  const first = element("div", { class: "panel-line" }, name, ...(maps ? [range] : []));
  const second = element("div", { class: "panel-line" }, facts, previous, next, ...(kernels ? [kernels] : []), enlarge);
  const host = element("div", { class: "map" });
  const whole = element(
    "section",
    { class: "panel", "aria-label": title, "data-layer": layer.name },
    element("div", { class: "panel-head" }, first, second),
    host,
  );
  const [parameters, spread, silence] = [element("span"), element("span"), element("span")];
  if (!maps)
    whole.append(element("p", { class: "foot" }, parameters, element("span", { class: "foot-line" }, spread, silence)));

  const map = createLayerMap(host, {
    label: t("panel.map", { title, kind: layerKind(layer, t), shape: formatShape(layer.shape, t.language) }),
    onSpot: (spot) => events.onSpot(layer, unitAt(spot)),
    onPin: (spot) => (tooSmall() ? events.onOpen(layer) : events.onPin(layer, unitAt(spot))),
    onOpen: () => events.onOpen(layer),
  });

  /** @type {Int32Array | null} */
  let order = null;
  /** @type {unknown[]} what the picture of weights was made of: they do not change from frame to frame */
  let painted = [];

  /** @type {(place: Spot) => Spot} what stands at a place of the picture */
  const unitAt = (place) => moved(place, order ? order[place.channel] : place.channel);

  /** @type {(unit: Spot) => Spot} where in the picture it stands */
  const placeOf = (unit) => moved(unit, order ? order.indexOf(unit.channel) : unit.channel);

  /** @type {(spot: Spot, channel: number) => Spot} */
  const moved = (spot, channel) => ({
    ...spot,
    channel,
    index: map.grid ? indexOf(map.grid, { ...spot, channel }) : spot.index,
  });

  /** @returns {boolean} whether one of its units is too small to be pointed at: the layer is enlarged instead */
  const tooSmall = () => !enlarged && !maps && (map.grid?.pitchX ?? 0) < LEAST_TARGET_PX * devicePixelRatio;

  /** @type {Size} */
  let room = { width: 0, height: 0 };

  /** @returns {boolean} whether there is room for the shortest words only */
  const isNarrow = () => room.narrow ?? room.width < NARROW_PX;

  let factWords = "";
  let enlarged = false;

  /** @returns {string[]} size and parameters, the longest words first */
  function factChoices() {
    if (isNarrow()) return [formatCount(layer.shape[0], t.language)];
    const shape = layerShape(layer, t);
    const whole = `${shape} · ${layerParameters(layer, t)}`;
    if (!maps) return [whole, shape, formatCount(layer.shape[0], t.language)];
    const bare = layer.parameters ? [`${shape} · ${formatCount(layer.parameters, t.language)}`] : [];
    return [...(room.width < ROOMY_PX ? [] : [whole]), `${shape} · ${shortParameters(layer, t)}`, ...bare, shape];
  }

  /** Choose the longest words that fit: letters are wider on one system than on another. */
  function fitWords() {
    previous.hidden = next.hidden = true;
    const narrow = isNarrow();
    sayWhatFits(heading, narrow ? [shortTitle(layer.name, t)] : [title, shortTitle(layer.name, t)]);
    factWords = sayWhatFits(facts, factChoices());
    parameters.hidden = !maps && !narrow && factWords === factChoices()[0];
    sayWhatFits(parameters, [layerParameters(layer, t), shortParameters(layer, t)]);
  }

  /** @param {PanelContent} content */
  function updateWords({ shown, before, kernel, output }) {
    const words = rangeWords(shown?.range ?? null, t, maps && room.width < ROOMY_PX ? 2 : 3);
    const slices = kernel && !isColourKernel(kernel) && !isTemplate(kernel);
    if (activation) {
      const input = `activation.${layer.activation}.input`; // a name of its own for what goes into the function
      activation.textContent = t(before && t.has(input) ? input : `activation.${layer.activation}`);
      activation.toggleAttribute("data-named", t.has(input));
      activation.setAttribute("aria-pressed", String(!before));
    }
    kernels?.setAttribute("aria-pressed", String(Boolean(kernel)));
    previous.hidden = next.hidden = !slices;
    range.textContent = kernel ? "" : words;
    if (slices) facts.textContent = t("panel.slices", { map: output });
    else if (kernel) facts.textContent = isTemplate(kernel) ? t("panel.weights") : t("panel.colour-kernels");
    else facts.textContent = factWords;
    facts.title = `${layerKind(layer, t)} · ${formatShape(layer.shape, t.language)} · ${layerParameters(layer, t)}`;
    const silent =
      shown && !kernel && !isNarrow() && layer.activation === "relu" && !before ? shown.range.silent : undefined;
    spread.textContent = kernel ? "" : words;
    silence.textContent =
      silent === undefined ? "" : `\u00a0· ${t("range.silent", { share: formatPercent(silent, t.language, 0) })}`;
  }

  return {
    element: whole,
    layer,
    /** @param {Size} size for the canvas */
    setRoom(size) {
      room = size;
      const narrow = isNarrow();
      whole.style.inlineSize = `${size.words ?? size.width}px`;
      whole.toggleAttribute("data-narrow", narrow);
      if (activation) (narrow ? second : name).insertBefore(activation, narrow ? previous : heading.nextSibling);
      fitWords();
    },
    /** @param {PanelContent} content */
    update(content) {
      if (!room.width) return;
      updateWords(content);
      const options = { room, ratio: devicePixelRatio, table: content.table, columns };
      const { kernel } = content;
      order = kernel ? null : content.order;
      const made = kernel ? [kernel, content.output, content.table, room, devicePixelRatio] : [];
      if (kernel && made.every((each, i) => each === painted[i])) return;
      painted = made;
      if (!kernel) {
        const picture = valuesPicture(layer.shape, content.shown?.tensor ?? null, {
          ...options,
          end: content.end,
          order,
        });
        map.show({ ...picture, struck: content.off.map((unit) => (order ? order.indexOf(unit) : unit)) });
      } else if (isTemplate(kernel)) map.show(templatesPicture(kernel, options));
      else if (isColourKernel(kernel)) map.show(colourKernelPicture(kernel, options));
      else map.show(slicesPicture(kernel, content.output, options));
    },
    /** @type {(read: Spot | null, pinned: Spot | null) => void} */
    mark: (read, pinned) => map.mark(read && placeOf(read), pinned && placeOf(pinned)),
    focus: () => map.canvas.focus(),
    /** @type {(spot: Spot) => DOMRect | null} where a unit, or a value of a map, stands in the window */
    rectOf: (spot) => map.rectOf(placeOf(spot)),
    /** @param {boolean} is whether it has the whole stage */
    setEnlarged(is) {
      enlarged = is;
      whole.toggleAttribute("data-enlarged", enlarged);
      enlarge.replaceChildren(icon(enlarged ? "back" : "enlarge"));
      const label = t(enlarged ? "panel.back" : "panel.enlarge", { title });
      enlarge.setAttribute("aria-label", label);
      enlarge.title = label;
    },
    destroy() {
      map.destroy();
      whole.remove();
    },
  };
}

/** @type {(host: HTMLElement, choices: string[]) => string} the first that is not cut off, or else the last */
function sayWhatFits(host, choices) {
  for (const words of choices) {
    host.textContent = words;
    if (host.scrollWidth <= host.clientWidth) break;
  }
  return host.textContent ?? "";
}
