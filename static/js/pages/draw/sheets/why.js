/**
 * Why this class: its logit unfolded down to the pixels, as threads across the stage and as sums, or as one weighted sum of the pixels.
 */

import { sharesOf, threadsOf, threadsThrough } from "../../../lib/explain/trace.js";
import { formatPercent } from "../../../lib/screen/format.js";
import { STACKED } from "../../../lib/screen/stage.js";
import { createThreads } from "../../../views/layers/threads.js";
import { createNamedSelect } from "../../../views/parts/choices.js";
import { element } from "../../../views/parts/dom.js";
import { createAffinePictures } from "../../../views/sheets/affine-pictures.js";
import { createTraceList } from "../../../views/sheets/trace-list.js";
import { createExplanation } from "../asking/explanation.js";
import { createTraceWords } from "./trace-words.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").TraceExplained} TraceExplained
 * @typedef {import("../../../lib/explain/trace.js").Place} Place
 */

const TOP = 60; // units of a level: enough that threads of a convolution lead on
const MOST_THREADS = 12; // in a step
const OTHER_LINES = 3; // of a column: the other units, the biases, the sum
const LEAST_ENTRIES = 3;
const STACKED_ENTRIES = 4;
const MOST_ENTRIES = 24;
const NONE = "";

/** @type {import("../types.js").SheetKind} */
export const why = {
  name: "why",
  about: "image",
  whole: true,
  fits: (card) => card.explainers.includes("trace"),
  create,
};

/** @type {(lab: Lab) => string | null} the class that is explained, by its English name */
const targetOf = ({ target, frame }) => target ?? frame?.answer.label ?? null;

/** @type {(card: Tools["card"], t: Tools["t"], label: string) => string} */
const labelWords = (card, t, label) =>
  (card.classes[t.language] ?? card.classes.en)[card.classes.en.indexOf(label)] ?? label;

/** @param {Tools} tools */
function create(tools) {
  const { card, t, places, redraw } = tools;
  const { language } = t;
  const labels = card.classes[language] ?? card.classes.en;
  const passed = card.layers.filter(({ kind }) => kind === "normalization").map(({ name }) => name);
  const words = createTraceWords(card, t);
  const stacked = matchMedia(STACKED);
  const explanation = /** @type {ReturnType<typeof createExplanation<TraceExplained>>} */ (
    createExplanation("trace", { t, redraw })
  );
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
    "fieldset",
    { class: "segmented small" },
    element("legend", { class: "visually-hidden" }, t("why.view")),
    createView("threads", threadsWords),
    createView("picture", pictureWords),
  );
  const rivals = createNamedSelect(
    t("why.against"),
    [[NONE, t("why.against.none")], ...card.classes.en.map((each, i) => [each, labels[i]])],
    setRival,
  );
  const runnerUp = element("button", { type: "button", class: "chip why-runner-up" });
  runnerUp.addEventListener("click", () => setRival(runnerUp.value));
  const status = element("p", { class: "why-trouble", role: "status" });
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
  const host = element(
    "div",
    { class: "why" },
    element("div", { class: "why-choices" }, views, rivals.element, runnerUp, about, status),
    told,
  );

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
    return explanation.of(lab, {
      top: String(TOP),
      ...(lab.target && { target: lab.target }),
      ...(against && { against }),
    });
  }

  /** @param {Lab} lab */
  function updateChoices(lab) {
    const target = targetOf(lab);
    const chosen = rivalOf(lab);
    threadsWords.textContent = t(stacked.matches ? "why.view.list" : "why.view.threads"); // no threads where layers stand one below the other
    rivals.update(chosen ?? NONE);
    for (const option of rivals.element.querySelectorAll("option")) option.disabled = option.value === target;
    const logits = lab.frame?.answer.logits ?? [];
    const [second] = [...logits.keys()]
      .filter((i) => card.classes.en[i] !== target)
      .sort((a, b) => logits[b] - logits[a]);
    runnerUp.hidden = second === undefined || chosen !== null;
    if (second === undefined) return;
    runnerUp.value = card.classes.en[second];
    runnerUp.textContent = t("why.runner-up", { label: labels[second] });
  }

  /** @returns {number} entries of a column, as many as there is room for */
  function mostEntries() {
    return stacked.matches ? STACKED_ENTRIES : Math.min(Math.max(list.room(OTHER_LINES), LEAST_ENTRIES), MOST_ENTRIES);
  }

  /** @type {(trace: TraceExplained, table: Uint32Array) => void} */
  function updatePictures(trace, table) {
    if (pictured?.of === trace && pictured.table === table) return;
    pictured = { of: trace, table };
    pictures.update(words.planes(trace), words.affine(trace), table);
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
      const value = words.logit(answer);
      if (other) return { title, facts: [t("why.difference", { label, other, value })] };
      const probability = lab.frame?.answer.probabilities.find((each) => each.label === target)?.probability ?? 0;
      return {
        title,
        facts: [
          `${t("why.logit", { value })} ·`,
          t("why.probability", { share: formatPercent(probability, language) }),
        ],
      };
    },
    update(/** @type {Lab} */ lab) {
      const { answer, fresh, trouble } = explained(lab);
      updateChoices(lab);
      const remark = trouble || (lab.question ? "" : t("why.waits"));
      if (status.textContent !== remark) status.textContent = remark;
      told.toggleAttribute("data-stale", !fresh);
      told.hidden = !answer;
      list.element.hidden = view !== "threads";
      pictures.element.hidden = about.hidden = view !== "picture";
      if (answer && fresh && view === "picture") updatePictures(answer, lab.palette.table);
      if (answer && fresh && view === "threads") list.update(words.columns(answer, mostEntries()));
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
  places.host.addEventListener(
    "pointerover",
    ({ target }) => {
      const was = left;
      left = target instanceof Element && !target.closest("[data-layer]");
      if (left !== was) redraw();
    },
    { signal: listening.signal },
  );
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
