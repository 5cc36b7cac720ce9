/**
 * The sheets of the inspector: which there are for an image or a unit, which is open, and what each of them is given.
 */

import { isOff, switchableLayers, withToggled } from "../../../lib/network/switched.js";
import { readoutWords, unitHeading } from "../../../lib/network/unit-heading.js";
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
  const { card, t, change, redraw } = page;
  const tools = { ...page, usual: createUsual(card.name, redraw) };
  const lab = part("lab");
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

  /** @type {(subject: Subject, shown: Lab, lensName?: string) => string} the value under the pointer, while a sheet is about something else */
  function readout(subject, shown, lensName = "") {
    const through = lens?.get(subject.layer.name);
    return readoutWords(subject, shown, through ? { values: through.values, name: lensName } : null, card, t);
  }

  return {
    /**
     * Open the sheet that is asked for, before the stage is laid out around it.
     * @param {Pick<Lab, "pinned" | "state">} shown
     * @returns {boolean} whether the room for the stage has changed
     */
    arrange(shown) {
      const { kind } = choose(card, shown);
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
      const { fitting, kind } = choose(card, shown);
      const sheet = sheetOf(kind);
      const { read, pinned } = shown;
      const told = pinned ?? (kind === layers ? read : null);
      const unit = switchOf(tools, told, shown.off);
      const own = sheet.heading?.(shown) ?? (told && unitHeading(told, card, t));
      const heading = own ?? { title: kind === layers ? t("inspector.all") : t(`sheet.${kind.name}`), facts: [] };
      inspector.update({
        about: told ? "unit" : "image",
        pinned: pinned !== null,
        named: !own,
        heading: unit?.isOff ? { ...heading, facts: [...heading.facts, `· ${t("off.fact")}`] } : heading,
        tabs: fitting.map((each) => ({ name: each.name, label: t(`sheet.${each.name}`) })),
        sheet: { name: kind.name, element: sheet.element },
        readout: read && !isSame(read, told) ? readout(read, shown, sheet.lensName) : "",
        remark: shown.off.size && kind.whole ? t("off.whole") : "", // it explains the whole network, and another one answers
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

/** @type {(card: import("../../../lib/api/types.js").NetworkCard, shown: Pick<Lab, "pinned" | "state">) => {fitting: SheetKind[], kind: SheetKind}} */
function choose(card, { pinned, state }) {
  const about = pinned ? "unit" : "image";
  const fitting = KINDS.filter((kind) => kind.about === about && kind.fits(card, pinned));
  const wanted = pinned ? state.unitSheet : state.sheet;
  return { fitting, kind: fitting.find(({ name }) => name === wanted) ?? fitting[0] };
}

/** @type {(tools: Tools, subject: Subject | null, off: Lab["off"]) => import("../../../views/sheets/inspector.js").Switch | null} */
function switchOf({ card, onSwitch }, subject, off) {
  if (!subject || subject.kernel || !switchableLayers(card.layers).includes(subject.layer)) return null;
  const { layer, spot } = subject;
  return {
    isOff: isOff(off, layer.name, spot.channel),
    onChange: () => onSwitch(withToggled(off, layer.name, spot.channel)),
  };
}
