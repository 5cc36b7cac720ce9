/**
 * Why this class: its logit unfolded down to the pixels, as threads across the stage and as sums, or as one weighted sum of the pixels.
 */

import { formatCount, formatPercent, formatTerm, formatValue } from "../../lib/format.js";
import { layerTitle } from "../../lib/names.js";
import { STACKED } from "../../lib/stage.js";
import { affineSum, columnOf, decimalsFor, sharesOf, threadsOf, threadsThrough } from "../../lib/trace.js";
import { createAffinePictures } from "../../views/affine-pictures.js";
import { createNamedSelect } from "../../views/choices.js";
import { element } from "../../views/dom.js";
import { createThreads } from "../../views/threads.js";
import { createTraceList } from "../../views/trace-list.js";
import { createExplanation } from "../explanation.js";

/**
 * @typedef {import("../sheets.js").Lab} Lab
 * @typedef {import("../sheets.js").Tools} Tools
 * @typedef {import("../../lib/types.js").TraceExplained} TraceExplained
 * @typedef {import("../../lib/types.js").TraceLevel} TraceLevel
 * @typedef {import("../../lib/trace.js").Place} Place
 * @typedef {import("../../lib/trace.js").Spot} Spot
 * @typedef {import("../../views/trace-list.js").ColumnWords} ColumnWords
 */

const TOP = 60; // units of a level: enough that threads of a convolution lead on
const MOST_THREADS = 12; // in a step
const OTHER_LINES = 3; // of a column: the other units, the biases, the sum
const LEAST_ENTRIES = 3;
const STACKED_ENTRIES = 4;
const MOST_ENTRIES = 24;
const NONE = "";

/** @type {import("../sheets.js").SheetKind} */
export const why = {
  name: "why",
  about: "image",
  fits: (card) => card.explainers.includes("trace"),
  label: (lab, { card, t }) => {
    const target = targetOf(lab);
    return target === null ? t("sheet.why") : t("why.tab", { label: labelWords(card, t, target) });
  },
  create,
};

/** @type {(lab: Lab) => string | null} the class that is explained, by its English name */
const targetOf = ({ target, frame }) => target ?? frame?.answer.label ?? null;

/** @type {(card: Tools["card"], t: Tools["t"], label: string) => string} */
const labelWords = (card, t, label) => (card.classes[t.language] ?? card.classes.en)[card.classes.en.indexOf(label)] ?? label;

/** @param {Tools} tools */
function create(tools) {
  const { card, t, places, redraw } = tools;
  const { language } = t;
  const labels = card.classes[language] ?? card.classes.en;
  const passed = card.layers.filter(({ kind }) => kind === "normalization").map(({ name }) => name);
  const stacked = matchMedia(STACKED);
  const explanation = /** @type {ReturnType<typeof createExplanation<TraceExplained>>} */ (createExplanation("trace", { t, redraw }));
  let view = "threads";
  let rival = NONE;
  /** @type {Place | null} the entry of the list that is pointed at */
  let pointed = null;
  /** @type {{of: TraceExplained, shares: ReturnType<typeof sharesOf>, threads: ReturnType<typeof threadsOf>} | null} */
  let laid = null;
  /** @type {{threads: ReturnType<typeof createThreads>, reading: ReturnType<typeof followReading>} | null} there while the sheet is open */
  let overlay = null;
  /** @type {{of: TraceExplained, table: Uint32Array} | null} what the pictures show */
  let pictured = null;

  const [threadsWords, pictureWords] = [element("span"), element("span", {}, t("why.view.picture"))];
  const views = element(
    "fieldset", { class: "segmented small" },
    element("legend", { class: "visually-hidden" }, t("why.view")), createView("threads", threadsWords), createView("picture", pictureWords),
  );
  const against = createNamedSelect(t("why.against"), [[NONE, t("why.against.none")], ...card.classes.en.map((each, i) => [each, labels[i]])], setRival);
  const runnerUp = element("button", { type: "button", class: "chip why-runner-up" });
  runnerUp.addEventListener("click", () => setRival(runnerUp.value));
  const trouble = element("p", { class: "why-trouble", role: "status" });
  const list = createTraceList(t("why.list"), {
    onPoint: (place) => {
      pointed = place;
      redraw();
    },
    onRoom: redraw,
  });
  const pictures = createAffinePictures();
  const about = element("p", { class: "why-about" }, t("why.affine"));
  const told = element("div", { class: "why-told" }, list.element, pictures.element);
  const host = element("div", { class: "why" }, element("div", { class: "why-choices" }, views, against.element, runnerUp, about, trouble), told);

  /** @type {(name: string, words: HTMLElement) => HTMLLabelElement} */
  function createView(name, words) {
    const input = element("input", { type: "radio", name: "why-view", value: name });
    input.checked = name === view;
    input.addEventListener("change", () => {
      view = name;
      redraw();
    });
    return element("label", {}, input, words);
  }

  /** @param {string} label */
  function setRival(label) {
    rival = label;
    redraw();
  }

  /** @type {(lab: Lab) => string | null} the class that the target is held against, if it is another */
  const rivalOf = (lab) => (rival !== NONE && rival !== targetOf(lab) ? rival : null);

  /** @type {(lab: Lab) => ReturnType<typeof explanation.of>} */
  function explained(lab) {
    const against = rivalOf(lab);
    return explanation.of(lab, { top: String(TOP), ...(lab.target && { target: lab.target }), ...(against && { against }) });
  }

  /** @param {Lab} lab */
  function updateChoices(lab) {
    const target = targetOf(lab);
    const chosen = rivalOf(lab);
    threadsWords.textContent = t(stacked.matches ? "why.view.list" : "why.view.threads"); // no threads where layers stand one below the other
    against.update(chosen ?? NONE);
    for (const option of against.element.querySelectorAll("option")) option.disabled = option.value === target;
    const logits = lab.frame?.answer.logits ?? [];
    const [second] = [...logits.keys()].filter((i) => card.classes.en[i] !== target).sort((a, b) => logits[b] - logits[a]);
    runnerUp.hidden = second === undefined || chosen !== null;
    if (second === undefined) return;
    runnerUp.value = card.classes.en[second];
    runnerUp.textContent = t("why.runner-up", { label: labels[second] });
  }

  /** @type {(level: TraceLevel, spot: Spot) => string} where in its layer a value stands */
  function placeWords({ layer, shape }, { channel, row, column }) {
    const at = `${row}, ${column}`;
    if (layer === card.layers.at(-1)?.name) return labels[channel];
    if (shape.length === 1) return String(channel);
    const isImage = layer === card.layers[0].name || passed.includes(layer);
    if (!isImage) return `${channel} · ${at}`;
    return shape.length === 3 && shape[2] === 3 ? `${t(`why.channel.${channel}`)} ${at}` : at;
  }

  /** @type {(level: TraceLevel) => ColumnWords["heads"]} */
  function heads({ layer, shape }) {
    const [isInput, isOutput] = [layer === card.layers[0].name, layer === card.layers.at(-1)?.name];
    const where = isOutput ? "class" : isInput || passed.includes(layer) ? "pixel" : shape.length === 1 ? "unit" : "map";
    return [t(`why.${where}`), t("why.value"), t("why.adds")];
  }

  /** @returns {number} entries of a column, as many as there is room for */
  function mostEntries() {
    return stacked.matches ? STACKED_ENTRIES : Math.min(Math.max(list.room(OTHER_LINES), LEAST_ENTRIES), MOST_ENTRIES);
  }

  /** @type {(trace: TraceExplained, most: number) => ColumnWords[]} */
  function columns(trace, most) {
    const decimals = decimalsFor(trace.logit);
    const term = (/** @type {number} */ value) => formatTerm(value, language, decimals);
    const sum = { name: t(trace.against === null ? "why.sum" : "why.sum.difference"), printed: term(trace.logit) };
    return trace.levels.map((level) => {
      const { layer, entries, rest, bias } = columnOf(level, trace.logit, most);
      const largest = Math.max(...entries.map(({ value }) => Math.abs(value)));
      const isOutput = layer === card.layers.at(-1)?.name;
      return {
        title: layer === card.layers[0].name ? t("why.pixels") : layerTitle(layer, t),
        bare: isOutput,
        heads: heads(level),
        entries: entries.map(({ spot, activation, value, printed }) => ({
          place: { layer, spot }, name: placeWords(level, spot), activation: formatValue(activation, language), printed: term(printed), share: value / largest,
        })),
        others: isOutput ? [] : [
          { name: t("why.others", { number: formatCount(rest.count, language) }), printed: term(rest.printed) },
          { name: t("why.biases"), printed: term(bias) },
        ],
        sum,
      };
    });
  }

  /** @type {(trace: TraceExplained, table: Uint32Array) => void} */
  function updatePictures(trace, table) {
    if (pictured?.of === trace && pictured.table === table) return;
    pictured = { of: trace, table };
    const { weights, products } = trace.affine;
    const [rows, columns, channels = 1] = weights.shape;
    const decimals = decimalsFor(trace.logit);
    const term = (/** @type {number} */ value) => formatTerm(value, language, decimals);
    const plane = (/** @type {string} */ title, /** @type {number[]} */ values, scale = "why.scale") => ({
      title, rows, columns, values,
      scale: t(scale, { end: formatValue(Math.max(...values.map(Math.abs)), language, 3) }),
      readAt: (/** @type {number} */ row, /** @type {number} */ column) => t("why.pixel.read", { row, column, value: term(values[row * columns + column]) }),
    });
    const channelOf = (/** @type {number} */ channel) => weights.values.filter((_, i) => i % channels === channel);
    const summed = Array.from({ length: rows * columns }, (_, i) => products.values.slice(i * channels, (i + 1) * channels).reduce((sum, each) => sum + each, 0));
    const planes = channels === 1
      ? [plane(t("why.weights"), weights.values)]
      : [...Array(channels).keys()].map((i) => plane(t("why.weights.channel", { channel: t(`why.channel.${i}`) }), channelOf(i)));
    const { pixels, biases } = affineSum(trace);
    pictures.update(
      [...planes, plane(t("why.products"), summed, channels === 1 ? "why.scale" : "why.scale.colour")],
      [{ name: t("why.pixels.sum"), printed: term(pixels) },
        ...biases.toReversed().map(({ layer, printed }) => ({ name: t("why.biases.of", { layer: layerTitle(layer, t) }), printed: term(printed) }))],
      { name: t(trace.against === null ? "why.sum" : "why.sum.difference"), printed: term(trace.logit) },
      table,
    );
  }

  /** @type {(trace: TraceExplained | null, lab: Lab) => void} */
  function updateThreads(trace, lab) {
    overlay ??= { threads: createThreads(places), reading: followReading(tools) };
    if (trace && laid?.of !== trace) {
      const shares = sharesOf(trace, passed);
      laid = { of: trace, shares, threads: threadsOf(shares, MOST_THREADS) };
    }
    if (!trace || !laid) return overlay.threads.update([], null);
    const place = pointed ?? overlay.reading.of(lab);
    const through = place ? threadsThrough(laid.shares, laid.threads, place) : [];
    overlay.threads.update(laid.threads, through.length ? through : null);
  }

  return {
    element: host,
    heading(/** @type {Lab} */ lab) {
      const target = targetOf(lab);
      const { answer, fresh } = explained(lab);
      if (target === null) return { title: t("sheet.why"), facts: [] };
      const [label, against] = [labelWords(card, t, target), rivalOf(lab)];
      const other = against && labelWords(card, t, against);
      const title = other ? t("why.title.against", { label, other }) : t("why.title", { label });
      if (!answer || !fresh) return { title, facts: [] };
      const value = formatTerm(answer.logit, language, decimalsFor(answer.logit));
      if (other) return { title, facts: [t("why.difference", { label, other, value })] };
      const probability = lab.frame?.answer.probabilities.find((each) => each.label === target)?.probability ?? 0;
      return { title, facts: [`${t("why.logit", { value })} ·`, t("why.probability", { share: formatPercent(probability, language) })] };
    },
    update(/** @type {Lab} */ lab) {
      const { answer, fresh, trouble: words } = explained(lab);
      updateChoices(lab);
      trouble.textContent = words || (lab.question ? "" : t("why.waits"));
      told.toggleAttribute("data-stale", !fresh);
      told.hidden = !answer;
      list.element.hidden = view !== "threads";
      pictures.element.hidden = about.hidden = view !== "picture";
      if (answer && fresh && view === "picture") updatePictures(answer, lab.palette.table);
      if (answer && fresh && view === "threads") list.update(columns(answer, mostEntries()));
      updateThreads(fresh && view === "threads" ? answer : null, lab);
    },
    leave() {
      overlay?.threads.destroy();
      overlay?.reading.destroy();
      overlay = null;
    },
  };
}

/**
 * @param {Tools} tools
 * @returns {{of: (lab: Lab) => Place | null, destroy: () => void}} the unit that is read, until the pointer leaves the layers
 */
function followReading({ places, redraw }) {
  /** @type {Place | null} */
  let seen = null;
  let left = false;
  const listening = new AbortController();
  places.host.addEventListener("pointerover", ({ target }) => {
    const was = left;
    left = target instanceof Element && !target.closest("[data-layer]");
    if (left !== was) redraw();
  }, { signal: listening.signal });
  return {
    of({ read }) {
      const now = read && !read.kernel ? { layer: read.layer.name, spot: read.spot } : null;
      if (now?.layer !== seen?.layer || now?.spot.index !== seen?.spot.index) left = false; // the arrow keys read too
      seen = now;
      return left ? null : now;
    },
    destroy: () => listening.abort(),
  };
}
