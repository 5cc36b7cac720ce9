/**
 * Why this class: its logit unfolded down to the pixels, as threads across the stage and as sums, or as one weighted sum of the pixels.
 */

import { runnerUp } from "../../../lib/explain/rivals.js";
import { formatPercent } from "../../../lib/screen/format.js";
import { STACKED } from "../../../lib/screen/stage.js";
import { createWhyView, NO_RIVAL } from "../../../views/sheets/why-view.js";
import { createExplanation } from "../asking/explanation.js";
import { createTraceWords } from "./trace-words.js";
import { createWhyThreads } from "./why-threads.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").TraceExplanation} TraceExplained
 * @typedef {import("../../../lib/explain/trace.js").Place} Place
 */

const TOP = 60; // units of a level: enough that threads of a convolution lead on
const OTHER_LINES = 3; // of a column: the other units, the biases, the sum
const LEAST_ENTRIES = 3;
const STACKED_ENTRIES = 4;
const MOST_ENTRIES = 24;

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

/** @param {Tools} tools */
function create(tools) {
  const { card, t, redraw } = tools;
  const labels = card.classes[t.language] ?? card.classes.en;
  const words = createTraceWords(card, t);
  const stacked = matchMedia(STACKED);
  const explanation = /** @type {ReturnType<typeof createExplanation<TraceExplained>>} */ (
    createExplanation("trace", { t, redraw })
  );
  const threads = createWhyThreads(tools);
  /** @type {{form: import("../../../views/sheets/why-view.js").WhyForm, rival: string, pointed: Place | null}} */
  const chosen = { form: "threads", rival: NO_RIVAL, pointed: null };
  /** @type {{of: TraceExplained, table: Uint32Array} | null} what the pictures show */
  let pictured = null;

  /** @param {Partial<typeof chosen>} next */
  function choose(next) {
    Object.assign(chosen, next);
    redraw();
  }

  const classes = card.classes.en.map((en, i) => ({ en, label: labels[i] }));
  const view = createWhyView(classes, t, {
    onForm: (form) => choose({ form }),
    onRival: (rival) => choose({ rival }),
    onPoint: (pointed) => choose({ pointed }),
    onRoom: redraw,
  });

  /** @type {(lab: Lab) => string | null} the class that the target is held against, if it is another */
  const rivalOf = (lab) => (chosen.rival !== NO_RIVAL && chosen.rival !== targetOf(lab) ? chosen.rival : null);

  /** @type {(lab: Lab) => ReturnType<typeof explanation.of>} */
  function explained(lab) {
    const against = rivalOf(lab);
    const parameters = { top: String(TOP), ...(lab.target && { target: lab.target }), ...(against && { against }) };
    return explanation.of(lab, parameters);
  }

  /** @param {Lab} lab */
  function updateChoices(lab) {
    const target = targetOf(lab);
    const second = runnerUp(lab.frame?.answer.logits ?? [], target === null ? -1 : card.classes.en.indexOf(target));
    view.updateChoices({
      stacked: stacked.matches,
      target,
      rival: rivalOf(lab) ?? NO_RIVAL,
      runnerUp: second < 0 ? null : { label: labels[second], name: card.classes.en[second] },
    });
  }

  /** @returns {number} entries of a column, as many as there is room for */
  function mostEntries() {
    if (stacked.matches) return STACKED_ENTRIES;
    return Math.min(Math.max(view.room(OTHER_LINES), LEAST_ENTRIES), MOST_ENTRIES);
  }

  /** @type {(trace: TraceExplained, table: Uint32Array) => void} */
  function updatePictures(trace, table) {
    if (pictured?.of === trace && pictured.table === table) return;
    pictured = { of: trace, table };
    view.updatePictures(words.planes(trace), words.affine(trace), table);
  }

  return {
    element: view.element,
    heading(/** @type {Lab} */ lab) {
      const { answer, fresh } = explained(lab);
      return headingOf(tools, lab, { rival: rivalOf(lab), logit: answer && fresh ? words.logit(answer) : null });
    },
    update(/** @type {Lab} */ lab) {
      const { answer, fresh, trouble } = explained(lab);
      const { form, pointed } = chosen;
      updateChoices(lab);
      const remark = trouble || (lab.question ? "" : t("why.waits"));
      view.update({ form, remark, isEmpty: !answer, isStale: !fresh });
      const trace = fresh ? answer : null;
      if (trace && form === "picture") updatePictures(trace, lab.palette.table);
      if (trace && form === "threads") view.updateList(words.columns(trace, mostEntries()));
      threads.update(form === "threads" ? trace : null, lab, pointed);
    },
    leave: threads.leave,
  };
}

/** @type {(tools: Tools, lab: Lab, shown: {rival: string | null, logit: string | null}) => {title: string, facts: string[]}} */
function headingOf({ card, t }, lab, { rival, logit }) {
  const target = targetOf(lab);
  if (target === null) return { title: t("sheet.why"), facts: [] };
  const labels = card.classes[t.language] ?? card.classes.en;
  const labelOf = (/** @type {string} */ name) => labels[card.classes.en.indexOf(name)] ?? name;
  const label = labelOf(target);
  const other = rival && labelOf(rival);
  const title = other ? t("why.title.against", { label, other }) : t("why.title", { label });
  if (logit === null) return { title, facts: [] };
  if (other) return { title, facts: [t("why.difference", { label, other, value: logit })] };
  const probability = lab.frame?.answer.probabilities.find((each) => each.label === target)?.probability ?? 0;
  const share = formatPercent(probability, t.language);
  return { title, facts: [`${t("why.logit", { value: logit })} ·`, t("why.probability", { share })] };
}
