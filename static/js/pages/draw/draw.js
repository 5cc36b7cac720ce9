/**
 * The drawing page: puts its parts together and holds the state.
 *
 * State goes one way. A visitor's action changes `state`, the input, the experiment or what is pointed at; then one animation
 * frame sends the newest input and draws the newest reply. Views know nothing of each other.
 */

import { fetchCard } from "../../lib/api/api.js";
import { persist } from "../../lib/api/retry.js";
import { deriveReadings } from "../../lib/network/derive.js";
import { PAIR, padKind } from "../../lib/network/networks.js";
import { switchableLayers, withToggled } from "../../lib/network/switched.js";
import { visibleStrokes } from "../../lib/pad/drawing.js";
import { turned } from "../../lib/pad/examples.js";
import { decodeLink, encodeLink } from "../../lib/pad/link.js";
import { part } from "../../views/parts/dom.js";
import { readPalette } from "../../views/parts/palette.js";
import { createNotice, troubleWords } from "../shared/notice.js";
import { createStore } from "../shared/storage.js";
import { createConversation } from "./asking/conversation.js";
import { createSlot } from "./asking/slot.js";
import { fetchBeginning } from "./beginning.js";
import { createControls } from "./controls.js";
import { createExperiment } from "./experiment.js";
import { createFrameLoop } from "./frame-loop.js";
import { createInput } from "./input/input.js";
import { createKernels } from "./layers/kernels.js";
import { createLayerContents } from "./layers/layer-contents.js";
import { createOrdering } from "./layers/ordering.js";
import { createNetworkViews } from "./network-views.js";
import { createPointing } from "./pointing.js";
import { initialState, parseState, toggled } from "./state.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 */

const LEANING = { degrees: -23, slant: 0.1 }; // a barred 7 written so is a 7 to one recipe of the pair alone

const { t, defaultModel, models, examples } = await fetchBeginning();
const notice = createNotice();
const store = createStore(() => sessionStorage, "layerscope-draw-");

const linked = await decodeLink(location.hash);
if (linked) history.replaceState(null, "", location.pathname + location.search); // a reload keeps what was drawn since
const state = parseState(
  linked?.state ?? store.read("state"),
  initialState(defaultModel),
  models.map((model) => model.name),
);
const model = () => models.find((each) => each.name === state.model);

/** @type {Map<string, ModelCard>} */
const cards = new Map();
/**
 * @type {{card: ModelCard, views: ReturnType<typeof createNetworkViews>, contents: ReturnType<typeof createLayerContents>} | null} the
 *   network that is chosen, as soon as its card is there
 */
let network = null;
/** @type {Map<string, Reading> | null} what the newest frame says of every layer */
let readings = null;
const due = { derive: false, speech: false }; // what a new reply brings with it
let choices = 0; // counts the networks chosen: only the newest is waited for
let palette = readPalette();

/* One animation frame sends the newest input and draws the newest reply */

const loop = createFrameLoop({ send: sendInput, draw, onPause });
const { redraw } = loop;

function inputChanged() {
  loop.inputChanged();
  network?.views.hush();
  notice.say("refused", "");
}

function sendInput() {
  if (!network) return; // nothing could be shown: it is sent when the card is there
  const { model, fit, source } = state;
  const body = input.body();
  if (body) conversation.ask({ model, fit, source, body, experiment: experiment.parameters() });
  else conversation.silence();
}

function draw() {
  const { frame, answered: question } = conversation;
  if (due.derive) readings = frame && network ? deriveReadings(network.card, frame) : null;
  due.derive = false;
  if (!network) return; // it was chosen just now, and has no views yet
  const { card, views, contents } = network;
  const { rests } = loop;
  const { described, pinned, target } = pointing;
  const { off, skipped } = experiment;
  const exact = described && conversation.exactOf(described.layer.name);
  input.showSeen({ question, frame });
  ordering.update(card, { question, rests, readings, target, state });
  views.update({
    frame,
    question,
    rests,
    readings,
    palette,
    read: described,
    pinned,
    exact,
    target,
    state,
    off,
    skipped,
    ...contents.of({ readings, palette, off }),
  });
}

/** @returns {boolean} whether the pen rests: the answer is spoken, exact values are fetched */
function onPause() {
  if (due.speech) network?.views.speak(conversation.frame, readings, state.before);
  due.speech = false;
  if (input.pad.growing) return false;
  const { described } = pointing;
  if (described && !described.kernel) conversation.refine(described.layer.name);
  return true;
}

const conversation = createConversation(
  t,
  {
    onReply() {
      due.derive = due.speech = true;
      if (conversation.answered) input.keep(conversation.answered.body);
      redraw();
      loop.awaitRest();
    },
    onExact: redraw,
    onUnreadable(body) {
      input.drop(body);
      showChoices();
    },
  },
  notice,
);

/* What a visitor chooses */

/** @type {(next: Partial<typeof state>, asks?: boolean) => void} */
function change(next, asks = false) {
  if (next.source) input.supersede();
  Object.assign(state, next);
  store.write("state", state);
  showChoices();
  if (asks) inputChanged();
}

function showChoices() {
  controls.update({ state, model: model(), hasPicture: input.picture !== null, drawing: input.pad.drawing });
  input.show();
}

const ordering = createOrdering({ t, redraw });
const kernels = createKernels({
  state,
  t,
  notice,
  imageShape: () => model()?.input.shape ?? [],
  onKernel: redraw,
  onChange(names) {
    change({ kernels: names });
    redraw();
  },
});
const pointing = createPointing(kernels);
const experiment = createExperiment(() => {
  network?.views.hush();
  conversation.vary(experiment.parameters());
  redraw();
});
const input = createInput({
  state,
  model,
  models,
  examples,
  linked: linked?.drawing,
  store,
  t,
  notice,
  redraw,
  onDrawing(growing) {
    inputChanged();
    const ended = !growing && input.pad.strokes().length > 0;
    if (ended) loop.sendNow(); // it waits for no frame; a blank pad may be drawn on within it
    controls.showHistory(input.pad.drawing);
  },
  onPad: () => change({ source: "pad" }),
  onPicture() {
    conversation.silence();
    change({ source: "picture" }, true);
  },
});
const controls = createControls(
  { models, examples, t },
  {
    ...input.actions,
    change,
    chooseModel,
    stepBack() {
      if (!network?.views.stepBack()) networkEvents.onClose();
    },
    switchUnit() {
      const { described } = pointing;
      if (!network || !described || described.kernel) return;
      const { layer, spot } = described;
      const isSwitchable = switchableLayers(network.card.layers).includes(layer);
      if (isSwitchable) experiment.switchTo(withToggled(experiment.off, layer.name, spot.channel));
    },
  },
);

/* The network that is chosen */

/** @param {string} name */
async function chooseModel(name) {
  const choice = ++choices;
  const before = padKind(model());
  input.interrupt();
  state.model = name;
  const kind = padKind(model());
  if (kind !== before) state.source = kind === "photos" ? "picture" : "pad";
  store.write("state", state);
  pointing.clear();
  experiment.end();
  ordering.clear();
  network?.views.destroy();
  network = null;
  notice.clear();
  conversation.silence();
  showChoices();
  input.layPad();
  const fetched =
    cards.get(name) ??
    (await persist(() => fetchCard(name), {
      wanted: () => choice === choices,
      onTrouble: (error) => notice.say("network", troubleWords(error, t)),
    }));
  if (!fetched) return;
  notice.say("network", "");
  const card = { ...model(), ...fetched };
  cards.set(name, card);
  const contents = createLayerContents(card, { state, kernels, ordering });
  network = { card, contents, views: createNetworkViews(card, t, networkEvents, tools) };
  for (const layer of card.layers) kernels.load(layer.name);
  inputChanged();
}

/** @type {Parameters<typeof createNetworkViews>[2]} */
const networkEvents = {
  onSpot(layer, spot) {
    pointing.moveTo(layer, spot);
    redraw();
    loop.awaitRest();
  },
  onPin(layer, place) {
    pointing.pin(layer, place);
    redraw();
    loop.awaitRest();
  },
  onClass(label) {
    const asksWhy = network?.views.sheet === "layers" && network.card.explainers.includes("trace");
    pointing.aimAt(pointing.target === label && !asksWhy ? null : label);
    if (asksWhy) change({ sheet: "why" });
    redraw();
  },
  onSheet(name) {
    pointing.letGo();
    change({ sheet: name });
    redraw();
  },
  onBefore(layer) {
    change({ before: toggled(state.before, layer.name) });
    redraw();
  },
  onKernels(layer) {
    pointing.leave(layer);
    kernels.toggle(layer.name);
  },
  onOutput(layer, step) {
    kernels.turn(layer, step);
    pointing.follow(layer);
    redraw();
  },
  onClose() {
    const described = pointing.pinned ?? pointing.read;
    if (described) network?.views.leaveInspector(described.layer);
    pointing.letGo();
    redraw();
  },
};

/** @type {Parameters<typeof createNetworkViews>[3]} */
const tools = {
  models,
  pad: input.pad,
  slot: createSlot({ models, t, redraw }),
  redraw,
  change(next, asks) {
    change(next, asks);
    redraw();
  },
  onSwitch: experiment.switchTo,
  onSkip: experiment.skip,
  async makeLink() {
    const strokes = visibleStrokes(input.pad.drawing);
    if (state.source !== "pad" || !strokes.length) return null;
    return `${location.origin}${location.pathname}#${await encodeLink({ state: { ...state }, strokes })}`;
  },
  showTestImage: input.showTestImage,
  showPair() {
    const seven = examples.find(({ label, hand }) => label === "7" && hand === "european");
    const other = PAIR.find((name) => name !== state.model);
    if (!seven || !other) return;
    tools.slot.follow(other);
    input.actions.drawExample(turned(seven, LEANING.degrees, LEANING.slant));
  },
};

document.addEventListener("themechange", () => {
  palette = readPalette();
  redraw();
});

/* Beginning */

if (models.length) await chooseModel(state.model);
else notice.say("network", t("problem.no-model"));
part("lab").dataset.ready = "";
