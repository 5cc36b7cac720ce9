/**
 * The sheets of the inspector: which there are for an image or a unit, which is open, and what each of them is given.
 */

import { layerTitle } from "../../../lib/network/names.js";
import { drawnPicture } from "../../../lib/network/networks.js";
import { shownValues, showsBefore } from "../../../lib/network/shown.js";
import { isOff, switchableLayers, withToggled } from "../../../lib/network/switched.js";
import { formatValue } from "../../../lib/screen/format.js";
import { isTemplate } from "../../../views/layers/pictures.js";
import { part } from "../../../views/parts/dom.js";
import { createInspector } from "../../../views/sheets/inspector.js";
import { createUsual } from "../asking/usual.js";
import { apart } from "./apart.js";
import { compare } from "./compare.js";
import { exciting } from "./exciting.js";
import { heat } from "./heat.js";
import { layers } from "./layers.js";
import { novelty } from "./novelty.js";
import { replay } from "./replay.js";
import { sliding } from "./sliding.js";
import { space } from "./space.js";
import { steps } from "./steps.js";
import { take } from "./take.js";
import { value } from "./value.js";
import { votes } from "./votes.js";
import { whatif } from "./whatif.js";
import { why } from "./why.js";

/**
 * @typedef {import("../../../lib/api/types.js").ModelCard} ModelCard
 * @typedef {import("../../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../../lib/api/types.js").LayerAnswer} LayerAnswer
 * @typedef {import("../../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../state.js").State} State
 * @typedef {import("../../../views/sheets/unit-card.js").Subject} Subject
 * @typedef {import("../../../views/parts/palette.js").Palette} Palette
 * @typedef {import("../../../views/layers/network-places.js").Places} Places
 * @typedef {import("../conversation.js").Frame} Frame
 * @typedef {import("../conversation.js").Question} Question
 *
 * @typedef {object} Lab what a sheet is told each time that something has changed
 * @property {Frame | null} frame the newest answer
 * @property {Question | null} question that `frame` answers; a new object for each input
 * @property {boolean} rests whether the pen rests: only then is an explanation asked for
 * @property {Map<string, Reading> | null} readings every layer of `frame`
 * @property {Subject | null} read the value under the pointer, or else the one that is pinned
 * @property {Subject | null} pinned
 * @property {LayerAnswer | null} exact the layer of `read` at full precision
 * @property {string | null} target the class that explanations are about, by its English name; null is the answer
 * @property {State} state
 * @property {import("../../../lib/network/switched.js").Off} off units and maps that are switched off
 * @property {string[]} skipped steps of the preprocessing that are left out
 * @property {(layer: LayerCard, isBefore: boolean, channel: number) => number} endOf where the colour scale ends
 * @property {Palette} palette
 *
 * @typedef {Map<string, {values: Float32Array, end: number}>} Lens what the layers show instead of their values, by layer name
 *
 * @typedef {object} Tools what a sheet is made with
 * @property {ModelCard} card
 * @property {import("../../../lib/screen/i18n.js").Texts} t
 * @property {Places} places where things stand on the page
 * @property {() => void} redraw
 * @property {ModelSummary[]} models all networks that could be chosen
 * @property {ReturnType<typeof import("../asking/slot.js").createSlot>} slot what is compared with
 * @property {Pick<ReturnType<typeof import("../../../views/pad/pad.js").createPad>, "strokes" | "preview" | "pictureOf">} pad
 * @property {() => void} showPair draw one barred 7 that two networks read differently, and set them side by side
 * @property {() => Promise<string | null>} makeLink an address that holds the drawing; null where there is a picture instead
 * @property {(next: Partial<State>, asks?: boolean) => void} change
 * @property {(layer: LayerCard, spot: Spot) => void} pin tell of this unit
 * @property {(image: import("../../../lib/api/types.js").TestImage) => void} showTestImage take it as the picture
 * @property {ReturnType<typeof createUsual>} usual what the test set does in each layer
 * @property {(label: string) => void} chooseTarget what explanations are about, by its English name; once more, and it is the answer
 * @property {(off: import("../../../lib/network/switched.js").Off) => void} onSwitch just these units and maps are to be off
 * @property {(steps: string[]) => void} onSkip just these steps of the preprocessing are to be left out
 *
 * @typedef {object} Sheet
 * @property {HTMLElement} element
 * @property {(lab: Lab) => void} update
 * @property {(lab: Lab) => Lens | null} [lens]
 * @property {(lab: Lab) => {title: string, facts: string[]}} [heading] instead of what the inspector calls the image or the unit
 * @property {string} [lensName] what the layers show through it
 * @property {() => void} [leave] another sheet is opened: nothing of this one may stay on the page
 * @property {() => void} [destroy] another network is chosen
 *
 * @typedef {object} SheetKind
 * @property {string} name its tab is the text `sheet.<name>`
 * @property {"image" | "unit"} about
 * @property {(card: ModelCard, pinned: Subject | null) => boolean} fits
 * @property {boolean} [whole] whether it explains the whole network, while others tell of it as it runs, with units switched off
 * @property {(tools: Tools) => Sheet} create
 */

/** @type {SheetKind[]} in the order of their tabs */
const KINDS = [
  layers,
  space,
  why,
  heat,
  whatif,
  votes,
  steps,
  novelty,
  compare,
  replay,
  take,
  apart,
  sliding,
  exciting,
  value,
];

/** @type {(one: Subject, other: Subject | null) => boolean} */
const isSame = (one, other) => one.layer === other?.layer && one.spot.index === other.spot.index;

/**
 * @param {Omit<Tools, "usual"> & {onClose: () => void}} page
 */
export function createSheets({ onClose, ...page }) {
  const { card, t, change, onSwitch, redraw } = page;
  const tools = { ...page, usual: createUsual(card.name, redraw) };
  const switchable = new Set(switchableLayers(card.layers));
  const lab = part("lab");
  const picture = drawnPicture(card);
  /** @type {Map<SheetKind, Sheet>} made when they are opened first */
  const made = new Map();
  /** @type {SheetKind | null} */
  let open = null;
  /** @type {Lens | null} through which the layers are seen in this frame */
  let lens = null;
  const inspector = createInspector(part("inspector"), {
    t,
    onClose,
    onChoose: (name) =>
      change(KINDS.find((kind) => kind.name === name)?.about === "unit" ? { unitSheet: name } : { sheet: name }),
  });

  /** @type {(kind: SheetKind) => Sheet} */
  function sheetOf(kind) {
    const sheet = made.get(kind) ?? kind.create(tools);
    made.set(kind, sheet);
    return sheet;
  }

  /** @type {(shown: Pick<Lab, "pinned" | "state">) => {fitting: SheetKind[], kind: SheetKind}} */
  function choose({ pinned, state }) {
    const about = pinned ? "unit" : "image";
    const fitting = KINDS.filter((kind) => kind.about === about && kind.fits(card, pinned));
    const wanted = pinned ? state.unitSheet : state.sheet;
    return { fitting, kind: fitting.find(({ name }) => name === wanted) ?? fitting[0] };
  }

  /** @type {(subject: Subject) => {title: string, facts: string[]}} */
  function unitHeading({ layer, spot, kernel, output }) {
    const title = layerTitle(layer.name, t);
    const at = t("inspector.at", { row: spot.row, column: spot.column });
    if (kernel && isTemplate(kernel))
      return { title: t("inspector.template", { title, map: spot.channel }), facts: [at] };
    if (kernel) return { title: t("inspector.kernel", { title, map: output }), facts: [] };
    if (layer.shape.length === 3) return { title: t("inspector.map", { title, number: spot.channel }), facts: [at] };
    if (layer === picture?.layer) {
      const { channel } = spot;
      const place = { row: Math.floor(channel / picture.columns), column: channel % picture.columns };
      return { title: t("inspector.unit", { title, number: channel }), facts: [t("inspector.at", place)] };
    }
    const label = layer === card.layers.at(-1) ? card.classes[t.language]?.[spot.channel] : undefined;
    return {
      title: t("inspector.unit", { title, number: spot.channel }),
      facts: [label ? t("inspector.class", { label }) : layer.name],
    };
  }

  /** @type {(subject: Subject, lab: Lab, lensName?: string) => string} what the pointer is on, while a sheet tells of something else */
  function readoutWords({ layer, spot, kernel }, { readings, state, exact }, lensName = "") {
    if (kernel) return "";
    const { title, facts } = unitHeading({ layer, spot, kernel, output: 0 });
    const through = lens?.get(layer.name);
    if (through)
      return `${title}, ${facts.join(" ")}: ${lensName} ${formatValue(through.values[spot.index], t.language)}`;
    const isBefore = showsBefore(layer, state.before);
    const tensor = shownValues(readings?.get(layer.name) ?? null, isBefore)?.tensor;
    const precise =
      exact?.name === layer.name
        ? (isBefore ? exact.pre_activation : exact.activation)?.values?.[spot.index]
        : undefined;
    const coarse = tensor?.values[spot.index];
    const number = precise ?? coarse;
    return `${title}, ${facts.join(" ")}: ${number === undefined ? "–" : formatValue(number, t.language, precise === undefined ? 2 : 4)}`;
  }

  /** @type {(subject: Subject | null, off: Lab["off"]) => import("../../../views/sheets/inspector.js").Switch | null} */
  function switchOf(subject, off) {
    if (!subject || subject.kernel || !switchable.has(subject.layer)) return null;
    const { layer, spot } = subject;
    return {
      isOff: isOff(off, layer.name, spot.channel),
      onChange: () => onSwitch(withToggled(off, layer.name, spot.channel)),
    };
  }

  /** @type {(kind: SheetKind, off: Lab["off"]) => string} of which network an explanation is, where another one answers */
  const remark = (kind, off) => (off.size && kind.whole ? t("off.whole") : "");

  return {
    /**
     * Open the sheet that is asked for, before the stage is laid out around it.
     * @param {Pick<Lab, "pinned" | "state">} shown
     * @returns {boolean} whether the room for the stage has changed
     */
    arrange(shown) {
      const { kind } = choose(shown);
      if (open && open !== kind) made.get(open)?.leave?.();
      open = kind;
      const large = kind !== layers;
      if (lab.hasAttribute("data-sheet") === large) return false;
      lab.toggleAttribute("data-sheet", large);
      return true;
    },
    /** @returns {string | null} the name of the sheet that is open */
    get open() {
      return open?.name ?? null;
    },
    /** @type {(shown: Lab) => Lens | null} what the open sheet wants the layers to show */
    lens(shown) {
      lens = (open && sheetOf(open).lens?.(shown)) ?? null;
      return lens;
    },
    /** @param {Lab} shown */
    update(shown) {
      const { fitting, kind } = choose(shown);
      const sheet = sheetOf(kind);
      const { read, pinned } = shown;
      const told = pinned ?? (kind === layers ? read : null);
      const unit = switchOf(told, shown.off);
      const own = sheet.heading?.(shown) ?? (told && unitHeading(told));
      const heading = own ?? { title: kind === layers ? t("inspector.all") : t(`sheet.${kind.name}`), facts: [] };
      inspector.update({
        about: told ? "unit" : "image",
        pinned: pinned !== null,
        named: !own,
        heading: unit?.isOff ? { ...heading, facts: [...heading.facts, `· ${t("off.fact")}`] } : heading,
        tabs: fitting.map((each) => ({ name: each.name, label: t(`sheet.${each.name}`) })),
        sheet: { name: kind.name, element: sheet.element },
        readout: read && !isSame(read, told) ? readoutWords(read, shown, sheet.lensName) : "",
        remark: remark(kind, shown.off),
        unit,
      });
      sheet.update(shown);
    },
    destroy() {
      if (open) made.get(open)?.leave?.();
      for (const sheet of made.values()) sheet.destroy?.();
      lab.removeAttribute("data-sheet");
      inspector.destroy();
    },
  };
}
