/**
 * The page's controls: what is chosen, as buttons and lists show it, and what they ask for.
 */

import { padKind } from "../../lib/network/networks.js";
import { createExamples } from "../../views/pad/examples.js";
import { createChoice, createModelChoice, createPalette } from "../../views/parts/choices.js";
import { part } from "../../views/parts/dom.js";
import { listenForKeys } from "../shared/shortcuts.js";
import { BRUSH } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {import("../../lib/pad/examples.js").Example} Example
 *
 * @typedef {object} Actions
 * @property {(next: Partial<State>, asks?: boolean) => void} change
 * @property {(model: string) => void} chooseModel
 * @property {(example: Example) => void} drawExample
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} clear
 * @property {() => void} stepBack out of what is enlarged, or else of what is read
 * @property {() => void} switchUnit the unit or map that is read off, or on again
 * @property {(which: import("./input/test-images.js").Which) => void} takeTestImage
 * @property {() => void} open choose a picture file
 * @property {() => void} camera
 *
 * @typedef {{state: State, model: ModelSummary | undefined, hasPicture: boolean, drawing: Drawing}} Shown
 */

const COLOURS = ["#15181d", "#7a4a21", "#c0392b", "#e8862e", "#f2c94c", "#3c8d40", "#2f80c2", "#9fd0f2", "#8a919d"];

/**
 * @typedef {{models: ModelSummary[], examples: Example[], t: import("../../lib/screen/i18n.js").Texts}} ControlParts
 */

/** @param {ControlParts} parts @param {Actions} actions */
export function createControls(parts, actions) {
  const choices = createChoices(parts, actions);
  const width = createWidth(actions);
  const digits = createExamples(part("digits"), {
    label: (digit) => parts.t("examples.draw", { digit }),
    onPick: actions.drawExample,
  });
  part("drop").addEventListener("click", actions.open);
  listenToButtons(actions);
  listenForKeys({
    ...keysOf(actions, width.resize),
    ...Object.fromEntries([..."0123456789"].map((digit) => [digit, () => digits.pick(digit)])),
  });
  /** @type {string | null} */
  let shownHand = null;

  return {
    showHistory,
    /** @param {Shown} shown */
    update(shown) {
      const { state, drawing } = shown;
      choices.update(shown);
      width.update(state.brush);
      if (shownHand !== state.hand) digits.update(parts.examples.filter((example) => example.hand === state.hand));
      shownHand = state.hand;
      for (const tool of ["brush", "eraser"]) part(tool).setAttribute("aria-pressed", String(state.tool === tool));
      showSource(shown);
      showHistory(drawing);
    },
  };
}

/** @param {ControlParts} parts @param {Actions} actions */
function createChoices({ models, t }, { change, chooseModel }) {
  const kinds = createChoice("kinds", (value) => {
    const first = models.find((model) => padKind(model) === value);
    if (first) chooseModel(first.name);
  });
  const modelChoice = createModelChoice(models, t, chooseModel);
  const fits = createChoice("fits", (value) => change({ fit: value === "whole" ? "whole" : "centre" }, true));
  const hands = createChoice("hands", (value) => change({ hand: value === "european" ? "european" : "american" }));
  const colours = COLOURS.map((value, i) => ({ value, name: t(`colour.${i + 1}`) }));
  const swatches = createPalette(part("palette"), {
    colours,
    onChoose: (colour) => change({ colour, tool: "brush" }),
  });
  return {
    /** @param {Shown} shown */
    update({ state, model }) {
      kinds.host.hidden = new Set(models.map(padKind)).size < 2;
      kinds.update(padKind(model));
      if (model) modelChoice.update(model);
      fits.update(state.fit);
      hands.update(state.hand);
      swatches.update(state.colour);
    },
  };
}

/** @param {Actions} actions */
function createWidth({ change }) {
  const width = /** @type {HTMLInputElement} */ (part("width"));
  Object.assign(width, { min: String(BRUSH.least), max: String(BRUSH.most), step: "1" });
  let brush = BRUSH.standard;
  width.addEventListener("input", () => change({ brush: Number(width.value) }));
  return {
    /** @param {number} by */
    resize: (by) => change({ brush: Math.min(Math.max(brush + by, BRUSH.least), BRUSH.most) }),
    /** @param {number} next */
    update(next) {
      brush = next;
      width.value = String(next);
    },
  };
}

/** @param {Actions} actions */
function listenToButtons(actions) {
  /** @type {Record<string, () => void>} */
  const buttons = {
    brush: () => actions.change({ tool: "brush" }),
    eraser: () => actions.change({ tool: "eraser" }),
    undo: actions.undo,
    redo: actions.redo,
    clear: actions.clear,
    "to-pad": () => actions.change({ source: "pad" }, true),
    "to-picture": () => actions.change({ source: "picture" }, true),
    "test-random": () => actions.takeTestImage("random"),
    "test-mistake": () => actions.takeTestImage("mistake"),
    open: actions.open,
    camera: actions.camera,
  };
  for (const [name, act] of Object.entries(buttons)) {
    for (const button of document.querySelectorAll(`[data-part="${name}"]`)) button.addEventListener("click", act);
  }
}

/** @type {(actions: Actions, resize: (by: number) => void) => import("../shared/shortcuts.js").Shortcuts} without the digits */
const keysOf = (actions, resize) => ({
  "ctrl+z": actions.undo,
  "ctrl+shift+z": actions.redo,
  "ctrl+y": actions.redo,
  delete: actions.clear,
  escape: actions.stepBack,
  x: actions.switchUnit,
  b: () => actions.change({ tool: "brush" }),
  e: () => actions.change({ tool: "eraser" }),
  "[": () => resize(-BRUSH.step),
  "]": () => resize(BRUSH.step),
  o: actions.open,
});

/** @param {Shown} shown */
function showSource({ state, model, hasPicture }) {
  const kind = padKind(model);
  const onPad = state.source === "pad";
  Object.assign(part("lab").dataset, { kind, source: state.source, fit: state.fit });
  part("tools").hidden = !onPad;
  part("picture-tools").hidden = onPad;
  part("palette").hidden = !onPad || kind === "digits";
  part("drop").hidden = onPad || hasPicture;
  part("to-picture").hidden = !onPad || !hasPicture;
}

/** @param {Drawing} drawing */
function showHistory({ acts, undone }) {
  part("undo").setAttribute("aria-disabled", String(acts.length === 0)); // `disabled` would throw the focus away
  part("redo").setAttribute("aria-disabled", String(undone.length === 0));
}
