/**
 * The drawing page: puts the views together and holds the state.
 *
 * State goes one way. What a visitor does changes `state`, the drawing or the picture; then one animation frame sends the
 * newest input and draws the newest reply. Views know nothing of each other.
 */

import { fetchCard } from "../lib/api.js";
import { deriveReadings } from "../lib/derive.js";
import { parseDrawing, visibleStrokes } from "../lib/drawing.js";
import { exampleStrokes, turned } from "../lib/examples.js";
import { decodeLink, encodeLink } from "../lib/link.js";
import { PAIR, drawnPicture, galleryOf, padKind } from "../lib/networks.js";
import { persist } from "../lib/retry.js";
import { endOf, isShare, scaleEnds, scopeEnd, showsBefore, shownValues } from "../lib/shown.js";
import { summarise } from "../lib/statistics.js";
import { BRUSH, initialState, parseState, toggled } from "../lib/state.js";
import { createStore } from "../lib/storage.js";
import { NOTHING_OFF, offWords, switchableLayers, withToggled } from "../lib/switched.js";
import { part } from "../views/dom.js";
import { listenForPictures } from "../views/intake.js";
import { createPad } from "../views/pad.js";
import { readPalette } from "../views/palette.js";
import { createPicture } from "../views/picture.js";
import { fetchBeginning } from "./beginning.js";
import { createControls } from "./controls.js";
import { createConversation } from "./conversation.js";
import { createKernels } from "./kernels.js";
import { createNetworkViews } from "./network-views.js";
import { createNotice, troubleWords } from "./notice.js";
import { createOrdering } from "./ordering.js";
import { createPicked } from "./picked.js";
import { createSlot } from "./slot.js";
import { playStrokes } from "./playing.js";
import { createTestImages } from "./test-images.js";

/**
 * @typedef {import("../lib/types.js").ModelCard} ModelCard
 * @typedef {import("../lib/types.js").LayerCard} LayerCard
 * @typedef {import("../lib/types.js").Reading} Reading
 * @typedef {import("../views/unit-card.js").Subject} Subject
 * @typedef {import("./sheets.js").Lens} Lens
 * @typedef {import("../lib/drawing.js").Drawing} Drawing
 * @typedef {import("../lib/examples.js").Example} Example
 * @typedef {import("../views/layer-panel.js").PanelContent} PanelContent
 */

const REST_MS = 300; // a pen that has not moved for this long rests: exact values are fetched, the answer is spoken
const LEANING = { degrees: -23, slant: 0.1 }; // a barred 7 written so is a 7 to one recipe of the pair alone
const INK = "#ffffff"; // of the pad for digits, on black

const { t, defaultModel, models, examples } = await fetchBeginning();
const notice = createNotice();
const store = createStore(() => sessionStorage, "layerscope-draw-");

const linked = await decodeLink(location.hash);
if (linked) history.replaceState(null, "", location.pathname + location.search); // a reload keeps what was drawn since
const state = parseState(linked?.state ?? store.read("state"), initialState(defaultModel), models.map((model) => model.name));
/** @type {Record<string, Drawing>} a drawing for each kind of pad */
const drawings = { digits: parseDrawing(store.read("digits")), photos: parseDrawing(store.read("photos")) };
const picked = createPicked(store);
/** @type {Map<string, ModelCard>} */
const cards = new Map();
/** @type {Map<string, number>} the map whose kernel is shown, by layer */
const outputs = new Map();
/** @type {Map<string, number>} where each layer's colour scale ends */
let ends = new Map();
/** @type {Map<string, Reading> | null} what the newest frame says of every layer */
let readings = null;
/** @type {Subject | null} the value under the pointer, or that the arrow keys came to */
let read = null;
/** @type {Subject | null} the value that stays while the pointer goes elsewhere */
let pinned = null;
/** @type {string | null} the class that explanations are about, by its English name; null is the answer */
let target = null;
/** @type {import("../lib/switched.js").Off} units and maps of this network that are switched off */
let off = NOTHING_OFF;
/** @type {string[]} steps of the preprocessing that are left out */
let skipped = [];
/** @type {ReturnType<typeof createNetworkViews> | null} */
let views = null;
/** @type {ReturnType<typeof playStrokes> | null} */
let playing = null;
let choices = 0; // counts the networks chosen: only the newest is waited for
let palette = readPalette();

const model = () => models.find((each) => each.name === state.model);
const kind = () => padKind(model());
if (linked) drawings[kind()] = linked.drawing;

/* One animation frame sends the newest input and draws the newest reply */

const due = { frame: 0, view: false, input: false, derive: false, speech: false, rests: false };

function redraw() {
  due.view = true;
  due.frame ||= requestAnimationFrame(tick);
}

function inputChanged() {
  due.input = true;
  clearTimeout(resting);
  if (due.rests) redraw();
  due.rests = false;
  views?.hush();
  notice.say("refused", "");
  due.frame ||= requestAnimationFrame(tick);
}

function tick() {
  due.frame = 0;
  if (due.input) sendInput();
  if (!due.view) return; // the pen has moved, and nothing new has come yet
  due.view = false;
  const [card, { frame }] = [cards.get(state.model), conversation];
  if (due.derive) readings = frame && card ? deriveReadings(card, frame) : null;
  due.derive = false;
  if (!card) return; // of a network that was chosen just now: it has no views yet
  const told = read ?? pinned;
  const exact = told && conversation.exactOf(told.layer.name);
  const question = conversation.answered;
  image.see(question && question.body === picked.picture ? frame?.tensors.get("input") ?? null : null);
  const { rests } = due;
  ordering.update(card, { question, rests, readings, target, state });
  views?.update({
    frame, question, rests, readings, palette, read: told, pinned, exact, target, state, off, skipped,
    endOf: (layer, isBefore, channel) => endOf(scaleOf(layer, isBefore), channel),
    contentOf: (lens) => (layer, reading) => contentOf(layer, reading, lens),
  });
}

function sendInput() {
  if (!cards.has(state.model)) return; // nothing could be shown: it is sent when the card is there
  due.input = false;
  const { model, fit, source } = state;
  const body = source === "picture" ? picked.picture : pad.picture();
  if (body) conversation.ask({ model, fit, source, body, experiment: experiment() });
  else conversation.silence();
}

/** @returns {Record<string, string>} what departs from the usual, as parameters of the API */
function experiment() {
  return { ...(off.size ? { off: offWords(off) } : {}), ...(skipped.length ? { skip_steps: skipped.join() } : {}) };
}

/** @param {typeof off} next */
function onSwitch(next) {
  off = next;
  vary();
}

function vary() {
  views?.hush();
  conversation.vary(experiment());
  redraw();
}

/** @type {(layer: LayerCard, isBefore: boolean) => number | Float32Array} where the colour scale ends, in the scope that is chosen */
function scaleOf(layer, isBefore) {
  if (isShare(layer, isBefore)) return 1;
  const fixed = ends.get(layer.name) ?? 1;
  const reading = readings?.get(layer.name);
  return scopeEnd(state.scope, fixed, reading?.before ?? reading?.after ?? null); // both sides of a ReLU on one scale
}

/** @param {LayerCard} layer */
function isPicture(layer) {
  const card = cards.get(state.model);
  return card !== undefined && drawnPicture(card)?.layer === layer;
}

/** @type {(layer: LayerCard, reading: Reading | null, lens: Lens | null) => PanelContent} */
function contentOf(layer, reading, lens) {
  const before = showsBefore(layer, state.before);
  const through = lens?.get(layer.name);
  return {
    shown: through
      ? { tensor: { shape: layer.shape, values: through.values }, range: { ...summarise(through.values), silent: undefined } }
      : shownValues(reading, before),
    before,
    end: through ? through.end : scaleOf(layer, before),
    order: ordering.of(layer.name),
    off: off.get(layer.name) ?? [],
    table: isPicture(layer) && !before ? palette.brightness : palette.table,
    kernel: kernels.shown(layer.name),
    output: outputs.get(layer.name) ?? 0,
  };
}

/* When the pen rests */

/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    if (due.speech) views?.speak(conversation.frame, readings, state.before);
    due.speech = false;
    if (pad.growing) return;
    due.rests = true;
    const told = read ?? pinned;
    if (told && !told.kernel) conversation.refine(told.layer.name);
    redraw();
  }, REST_MS);
}

const ordering = createOrdering({ t, redraw });
const conversation = createConversation(t, {
  onReply() {
    due.derive = due.speech = true;
    if (conversation.answered?.body === picked.picture) picked.keep();
    redraw();
    rest();
  },
  onExact: redraw,
  onUnreadable(body) {
    if (body === picked.picture) picked.drop();
    showChoices();
  },
}, notice);

/* The network that is chosen */

/** @param {string} name */
async function chooseModel(name) {
  const before = kind();
  const choice = ++choices;
  playing?.finish();
  picked.supersede();
  state.model = name;
  if (kind() !== before) state.source = kind() === "photos" ? "picture" : "pad";
  read = pinned = target = null;
  off = NOTHING_OFF;
  skipped = [];
  ordering.clear();
  views?.destroy();
  views = null;
  notice.clear();
  conversation.silence();
  showChoices();
  const seven = examples.filter((each) => each.label === "7" && each.hand === state.hand);
  pad.setPaper(kind() === "photos", kind() === "digits" ? seven.flatMap((each) => exampleStrokes(each, BRUSH.standard)) : []);
  pad.load(drawings[kind()]);
  const card = cards.get(name) ?? (await persist(() => fetchCard(name), {
    wanted: () => choice === choices,
    onTrouble: (error) => notice.say("network", troubleWords(error, t)),
  }));
  if (!card) return;
  notice.say("network", "");
  cards.set(name, { ...model(), ...card });
  ends = scaleEnds(card.layers);
  views = createNetworkViews({ ...model(), ...card }, t, networkEvents, tools);
  for (const layer of card.layers) kernels.load(layer.name);
  inputChanged();
}

const kernels = createKernels({
  state, t, notice,
  imageShape: () => model()?.input.shape ?? [],
  onKernel: redraw,
  onChange(names) {
    change({ kernels: names });
    redraw();
  },
});

/** @type {Parameters<typeof createNetworkViews>[2]} */
const networkEvents = {
  onSpot(layer, spot) {
    read = subjectAt(layer, spot);
    redraw();
    rest();
  },
  onPin(layer, place) {
    const unit = layer.shape.length === 1 && kernels.shown(layer.name) !== null; // a picture of weights stands for its unit
    const spot = unit ? { index: place.channel, channel: place.channel, row: 0, column: 0 } : place;
    pinned = pinned?.layer === layer && pinned.spot.index === spot.index ? null : { ...subjectAt(layer, spot), ...(unit ? { kernel: null } : {}) };
    redraw();
    rest();
  },
  onClass(label) {
    const asksWhy = views?.sheet === "layers" && cards.get(state.model)?.explainers.includes("trace");
    target = target === label && !asksWhy ? null : label;
    if (asksWhy) change({ sheet: "why" });
    redraw();
  },
  onSheet(name) {
    read = pinned = null;
    change({ sheet: name });
    redraw();
  },
  onBefore(layer) {
    change({ before: toggled(state.before, layer.name) });
    redraw();
  },
  onKernels(layer) {
    if (read?.layer === layer) read = null;
    if (pinned?.layer === layer) pinned = null;
    kernels.toggle(layer.name);
  },
  onOutput(layer, step) {
    const count = layer.shape.at(-1) ?? 1;
    const output = ((outputs.get(layer.name) ?? 0) + step + count) % count;
    outputs.set(layer.name, output);
    if (read?.kernel && read.layer === layer) read = { ...read, output };
    if (pinned?.kernel && pinned.layer === layer) pinned = { ...pinned, output };
    redraw();
  },
  onClose() {
    const told = pinned ?? read;
    if (told) views?.leaveInspector(told.layer);
    read = pinned = null;
    redraw();
  },
};

/** @type {Parameters<typeof createNetworkViews>[3]} */
const tools = {
  models,
  get pad() {
    return pad;
  },
  slot: createSlot({ models, t, redraw }),
  redraw,
  change(next, asks) {
    change(next, asks);
    redraw();
  },
  onSwitch,
  onSkip(next) {
    skipped = next;
    vary();
  },
  async makeLink() {
    const strokes = visibleStrokes(pad.drawing);
    if (state.source !== "pad" || !strokes.length) return null;
    return `${location.origin}${location.pathname}#${await encodeLink({ state: { ...state }, strokes })}`;
  },
  showTestImage(image) {
    const chosen = model();
    if (chosen) testImages.show(chosen, image);
  },
  showPair() {
    const seven = examples.find(({ label, hand }) => label === "7" && hand === "european");
    const other = PAIR.find((name) => name !== state.model);
    if (!seven || !other) return;
    tools.slot.follow(other);
    drawExample(turned(seven, LEANING.degrees, LEANING.slant));
  },
};

/** @type {(layer: LayerCard, spot: import("../lib/grid.js").Spot) => Subject} */
const subjectAt = (layer, spot) => ({ layer, spot, kernel: kernels.shown(layer.name), output: outputs.get(layer.name) ?? 0 });

/* The pad, the picture, the controls */

const pad = createPad(part("frame"), {
  label: t("pad.label"),
  onChange(growing) {
    inputChanged();
    if (!growing) {
      if (pad.strokes().length) sendInput(); // a stroke that has ended waits for no frame; a blank pad may be drawn on within it
      save();
    }
    controls.showHistory(pad.drawing);
  },
});
const image = createPicture(part("frame"), {
  alt: t("picture.alt"),
  onUnshown(unshown) {
    notice.remark(unshown ? t("picture.unshown") : "");
    redraw();
  },
});
const [file, shot] = ["file", "shot"].map((name) => /** @type {HTMLInputElement} */ (part(name)));

/** @param {() => void} act */
const onPad = (act) => () => {
  playing?.finish();
  if (state.source === "pad") act();
};
const controls = createControls({ models, examples, t }, {
  change,
  chooseModel,
  drawExample,
  clear: onPad(() => pad.clear()),
  undo: onPad(() => pad.undo()),
  redo: onPad(() => pad.redo()),
  stepBack() {
    if (!views?.stepBack()) networkEvents.onClose();
  },
  switchUnit() {
    const told = read ?? pinned;
    const layers = cards.get(state.model)?.layers ?? [];
    if (told && !told.kernel && switchableLayers(layers).some(({ name }) => name === told.layer.name)) {
      onSwitch(withToggled(off, told.layer.name, told.spot.channel));
    }
  },
  takeTestImage(which) {
    const chosen = model();
    playing?.finish();
    const gallery = chosen && galleryOf(chosen, models);
    if (gallery) testImages.take(gallery, which);
  },
  open: () => file.click(),
  camera: () => shot.click(),
});

const testImages = createTestImages({ t, notice, onPicture: takePicture });

/** @type {(next: Partial<typeof state>, asks?: boolean) => void} */
function change(next, asks = false) {
  if (next.source) picked.supersede();
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
  controls.update({ state, model: model(), hasPicture: picked.picture !== null, drawing: pad.drawing });
  pad.setVisible(state.source === "pad");
  const picture = state.source === "picture" ? picked.picture : null;
  image.update(picture);
  const chosen = model();
  testImages.update({ model: chosen, gallery: chosen && galleryOf(chosen, models), picture });
  pad.setPen({ tool: state.tool, width: state.brush, colour: kind() === "photos" ? state.colour : INK });
}

/** @param {Example} example */
function drawExample(example) {
  if (kind() !== "digits") return;
  playing?.finish();
  picked.supersede();
  if (state.source !== "pad") change({ source: "pad" });
  pad.clear();
  playing = playStrokes(pad, exampleStrokes(example, BRUSH.standard));
}

/** @param {File} chosen */
async function takePicture(chosen) {
  playing?.finish();
  if (!(await picked.take(chosen))) return;
  conversation.silence();
  change({ source: "picture" }, true);
}

part("frame").addEventListener("pointerdown", () => {
  playing?.finish();
  if (state.source === "pad") picked.supersede(); // a stroke begins
}, { capture: true });
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
else notice.say("network", t("problem.no-model"));
part("lab").dataset.ready = "";
