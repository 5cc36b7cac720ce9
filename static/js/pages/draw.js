/**
 * The drawing page: puts the views together and holds the state.
 *
 * State goes one way. What a visitor does changes `state`, the drawing or the picture; then one animation frame sends the
 * newest input and draws the newest reply. Views know nothing of each other.
 */

import { fetchCard, fetchKernel, fetchModels } from "../lib/api.js";
import { deriveReadings } from "../lib/derive.js";
import { parseDrawing } from "../lib/drawing.js";
import { exampleStrokes } from "../lib/examples.js";
import { createTexts } from "../lib/i18n.js";
import { scaleEnds, showsBefore } from "../lib/shown.js";
import { BRUSH, initialState, parseState } from "../lib/state.js";
import { createStore } from "../lib/storage.js";
import { part } from "../views/dom.js";
import { blobOfDataUrl, dataUrlOf, listenForPictures, shrink } from "../views/intake.js";
import { createPad } from "../views/pad.js";
import { readPalette } from "../views/palette.js";
import { createPicture } from "../views/picture.js";
import { createControls, kindOf } from "./controls.js";
import { createConversation } from "./conversation.js";
import { createNetworkViews } from "./network-views.js";
import { playStrokes } from "./playing.js";

/**
 * @typedef {import("../lib/types.js").ModelCard} ModelCard
 * @typedef {import("../lib/types.js").LayerCard} LayerCard
 * @typedef {import("../lib/types.js").Kernel} Kernel
 * @typedef {import("../lib/types.js").Reading} Reading
 * @typedef {import("../lib/drawing.js").Drawing} Drawing
 * @typedef {import("../lib/examples.js").Example} Example
 * @typedef {import("../views/layer-panel.js").PanelContent} PanelContent
 */

const REST_MS = 300; // a pen that has not moved for this long rests: exact values are fetched, the answer is spoken
const INK = "#ffffff"; // of the pad for digits, on black

const language = document.documentElement.lang;
const [dictionary, { default: defaultModel, models }, examples] = await Promise.all([
  fetch(`/static/locales/${language}.json`).then((response) => response.json()),
  fetchModels().catch(() => ({ default: "", models: [] })),
  /** @type {Promise<Example[]>} */ (fetch("/static/strokes.json").then((response) => response.json())),
]);
const t = createTexts(dictionary, language);
const store = createStore(() => sessionStorage, "layerscope-draw-");

const state = parseState(store.read("state"), initialState(defaultModel), models.map((model) => model.name));
/** @type {Record<string, Drawing>} a drawing for each kind of pad */
const drawings = { digits: parseDrawing(store.read("digits")), photos: parseDrawing(store.read("photos")) };
let picture = blobOfDataUrl(store.read("picture"));
/** @type {Map<string, ModelCard>} */
const cards = new Map();
/** @type {Map<string, Kernel>} by model and layer */
const kernels = new Map();
/** @type {Map<string, number>} the map whose kernel is shown, by layer */
const outputs = new Map();
/** @type {Map<string, number>} where each layer's colour scale ends */
let ends = new Map();
/** @type {Map<string, Reading> | null} what the newest frame says of every layer */
let readings = null;
/** @type {import("../views/unit-card.js").Subject | null} the one value that is read */
let subject = null;
/** @type {ReturnType<typeof createNetworkViews> | null} */
let views = null;
/** @type {ReturnType<typeof playStrokes> | null} */
let playing = null;
let palette = readPalette();

const model = () => models.find((each) => each.name === state.model);
const kind = () => kindOf(model());
const kernelOf = (/** @type {string} */ layer) => kernels.get(`${state.model}/${layer}`) ?? null;
const shownKernel = (/** @type {string} */ layer) => (state.kernels.includes(layer) ? kernelOf(layer) : null);

/* One animation frame sends the newest input and draws the newest reply */

const due = { frame: 0, input: false, derive: false };

function redraw() {
  due.frame ||= requestAnimationFrame(tick);
}

function inputChanged() {
  due.input = true;
  clearTimeout(resting);
  redraw();
}

function tick() {
  due.frame = 0;
  if (due.input) sendInput();
  const [card, { frame }] = [cards.get(state.model), conversation];
  if (due.derive) readings = frame && card ? deriveReadings(card, frame) : null;
  due.derive = false;
  if (!card) return; // of a network that was chosen just now: what is shown belongs to the one before
  const exact = subject && conversation.exactOf(subject.layer.name);
  views?.update({ frame, readings, palette, subject, before: state.before, exact, contentOf });
}

function sendInput() {
  due.input = false;
  const body = state.source === "picture" ? picture : pad.picture();
  if (body) conversation.ask({ model: state.model, fit: state.fit, body });
  else conversation.silence();
}

/** @type {(layer: LayerCard, reading: Reading | null) => PanelContent} */
function contentOf(layer, reading) {
  const before = showsBefore(layer, state.before);
  const end = layer.activation === "softmax" && !before ? 1 : ends.get(layer.name) ?? 1;
  return { reading, before, end, table: palette.table, kernel: shownKernel(layer.name), output: outputs.get(layer.name) ?? 0 };
}

/* When the pen rests */

/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    views?.speak(conversation.frame, readings, state.before);
    if (subject && !subject.kernel && !pad.growing) conversation.refine(subject.layer.name);
  }, REST_MS);
}

const conversation = createConversation(t, {
  onReply() {
    due.derive = true;
    redraw();
    rest();
  },
  onExact: redraw,
  onUnreadable() {
    picture = null;
    store.write("picture", null);
    showChoices();
  },
});

/* The network that is chosen */

/** @param {string} name */
async function chooseModel(name) {
  const before = kind();
  playing?.finish();
  state.model = name;
  if (kind() !== before) state.source = kind() === "photos" ? "picture" : "pad";
  subject = null;
  conversation.silence();
  showChoices();
  const seven = examples.filter((each) => each.label === "7" && each.hand === state.hand);
  pad.setPaper(kind() === "photos", kind() === "digits" ? seven.flatMap((each) => exampleStrokes(each, BRUSH.standard)) : []);
  pad.load(drawings[kind()]);
  try {
    const card = cards.get(name) ?? { ...models.find((each) => each.name === name), ...(await fetchCard(name)) };
    cards.set(name, card);
    if (state.model !== name) return;
    views?.destroy();
    ends = scaleEnds(card.layers);
    views = createNetworkViews(card, t, networkEvents);
    for (const layer of state.kernels) loadKernel(layer);
    inputChanged();
  } catch (error) {
    conversation.explain(error);
  }
}

/** @param {string} layer */
async function loadKernel(layer) {
  const name = state.model;
  if (kernelOf(layer) || !cards.get(name)?.layers.some((each) => each.name === layer)) return;
  try {
    kernels.set(`${name}/${layer}`, await fetchKernel(name, layer));
    redraw();
  } catch (error) {
    conversation.explain(error);
  }
}

/** @type {(names: string[], name: string) => string[]} */
const toggled = (names, name) => (names.includes(name) ? names.filter((each) => each !== name) : [...names, name]);

/** @type {Parameters<typeof createNetworkViews>[2]} */
const networkEvents = {
  onSpot(layer, spot) {
    subject = { layer, spot, kernel: shownKernel(layer.name), output: outputs.get(layer.name) ?? 0 };
    redraw();
    rest();
  },
  onBefore(layer) {
    change({ before: toggled(state.before, layer.name) });
    redraw();
  },
  onKernels(layer) {
    if (subject?.layer === layer) subject = null;
    change({ kernels: toggled(state.kernels, layer.name) });
    loadKernel(layer.name);
    redraw();
  },
  onOutput(layer, step) {
    const count = layer.shape.at(-1) ?? 1;
    const output = ((outputs.get(layer.name) ?? 0) + step + count) % count;
    outputs.set(layer.name, output);
    if (subject?.kernel && subject.layer === layer) subject = { ...subject, output };
    redraw();
  },
  onClose() {
    subject = null;
    redraw();
  },
};

/* The pad, the picture, the controls */

const pad = createPad(part("frame"), {
  label: t("pad.label"),
  onChange(growing) {
    if (!growing) save();
    controls.showHistory(pad.drawing);
    inputChanged();
  },
});
const image = createPicture(part("frame"), { alt: t("picture.alt") });
const [file, shot] = ["file", "shot"].map((name) => /** @type {HTMLInputElement} */ (part(name)));

/** @param {() => void} act */
const onPad = (act) => () => {
  playing?.finish();
  if (state.source === "pad") act();
};
const clear = onPad(() => pad.clear());

const controls = createControls({ models, examples, t }, {
  change,
  chooseModel,
  drawExample,
  clear,
  undo: onPad(() => pad.undo()),
  redo: onPad(() => pad.redo()),
  stepBack() {
    if (views?.stepBack()) return;
    if (subject) networkEvents.onClose();
    else clear();
  },
  open: () => file.click(),
  camera: () => shot.click(),
});

/** @type {(next: Partial<typeof state>, asks?: boolean) => void} */
function change(next, asks = false) {
  Object.assign(state, next);
  save();
  showChoices();
  if (asks) inputChanged();
}

function save() {
  drawings[kind()] = pad.drawing;
  store.write("state", state);
  store.write(kind(), { acts: pad.drawing.acts });
}

function showChoices() {
  controls.update({ state, model: model(), hasPicture: picture !== null, drawing: pad.drawing });
  pad.canvas.hidden = state.source !== "pad";
  image.update(state.source === "picture" ? picture : null);
  pad.setPen({ tool: state.tool, width: state.brush, colour: kind() === "photos" ? state.colour : INK });
}

/** @param {Example} example */
function drawExample(example) {
  if (kind() !== "digits") return;
  playing?.finish();
  if (state.source !== "pad") change({ source: "pad" });
  pad.clear();
  playing = playStrokes(pad, exampleStrokes(example, BRUSH.standard));
}

/** @param {File} chosen */
async function takePicture(chosen) {
  playing?.finish();
  picture = await shrink(chosen);
  conversation.silence();
  change({ source: "picture" }, true);
  store.write("picture", await dataUrlOf(picture));
}

part("frame").addEventListener("pointerdown", () => playing?.finish(), { capture: true });
listenForPictures([file, shot], {
  onFile: takePicture,
  onDragging: (dragging) => part("lab").toggleAttribute("data-dropping", dragging),
});
document.addEventListener("themechange", () => {
  palette = readPalette();
  redraw();
});

/* Beginning */

if (models.length) await chooseModel(state.model);
else conversation.say(t("problem.no-model"), true);
part("lab").dataset.ready = "";
