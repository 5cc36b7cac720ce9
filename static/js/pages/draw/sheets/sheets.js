/**
 * The sheets of the inspector: which there are for an image or a unit, which is open, and what each of them is given.
 */

import { isTemplate } from "../../../lib/network/kernels.js";
import { layerTitle } from "../../../lib/network/names.js";
import { drawnPicture } from "../../../lib/network/networks.js";
import { shownValues, showsBefore } from "../../../lib/network/shown.js";
import { isOff, switchableLayers, withToggled } from "../../../lib/network/switched.js";
import { formatValue } from "../../../lib/screen/format.js";
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
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 * @typedef {import("../types.js").Sheet} Sheet
 * @typedef {import("../types.js").SheetKind} SheetKind
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../views/sheets/unit-card.js").Subject} Subject
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
