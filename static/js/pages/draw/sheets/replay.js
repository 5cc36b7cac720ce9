/**
 * Back along the ink: what the network answered while the drawing grew, as probability against ink, to be dragged through.
 */

import { classifies } from "../../../lib/network/networks.js";
import { changes, drawnUntil } from "../../../lib/pad/replay.js";
import { formatPercent } from "../../../lib/screen/format.js";
import { element } from "../../../views/parts/dom.js";
import { createCurves } from "../../../views/sheets/curves.js";
import { createReplayRun, MOMENTS } from "./replay-run.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 */

const MOST_CHANGES = 3; // of the answer; the first ones, of a few pixels of ink, say little

/** @type {import("../types.js").SheetKind} */
export const replay = {
  name: "replay",
  about: "image",
  fits: classifies,
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, redraw, pad } = tools;
  const labels = card.classes[t.language] ?? card.classes.en;
  const run = createReplayRun(tools);
  const parts = build(labels, t, goTo);
  let moment = MOMENTS;

  /** @param {number} next */
  function goTo(next) {
    moment = Math.min(Math.max(Math.round(next), 0), MOMENTS);
    pad.preview(moment === MOMENTS ? null : drawnUntil(run.strokes, moment / MOMENTS));
    redraw();
  }

  /** @param {Lab} lab */
  function follow({ question, rests }) {
    const drawn = pad.strokes();
    if (!drawn.length) return run.clear();
    const isSame = run.isOf(drawn);
    if (!rests || (isSame && !run.isOutdated(question))) return;
    if (!isSame) moment = MOMENTS; // under another experiment one stays where one was
    run.begin(drawn, question);
  }

  return {
    element: parts.whole,
    update(/** @type {Lab} */ lab) {
      follow(lab);
      const isEmpty = !run.strokes.length;
      parts.words.hidden = parts.curves.element.hidden = parts.slider.hidden = isEmpty;
      parts.whole.dataset.empty = isEmpty ? t("replay.empty") : "";
      parts.slider.value = String(moment);
      if (isEmpty) return;
      const { moments, ends } = run;
      const answer = moments[moment];
      parts.curves.update({
        moments: [...moments],
        ends,
        share: moment / MOMENTS,
        palette: lab.palette,
        chosen: answer ? answer.indexOf(Math.max(...answer)) : -1,
      });
      parts.now.textContent = nowWords(answer, moment, labels, t);
      parts.story.textContent = storyWords(run, labels, t);
    },
    leave() {
      run.stop();
      pad.preview(null);
    },
  };
}

/** @type {(labels: string[], t: Tools["t"], goTo: (moment: number) => void) => {curves: ReturnType<typeof createCurves>, slider: HTMLInputElement, now: HTMLElement, story: HTMLElement, words: HTMLElement, whole: HTMLElement}} */
function build(labels, t, goTo) {
  const curves = createCurves({ labels, label: t("replay.curves"), axis: t("replay.axis") });
  const range = { type: "range", min: "0", max: String(MOMENTS), step: "1" };
  const slider = element("input", { ...range, "aria-label": t("replay.ink") });
  const [now, story] = [element("p", { class: "replay-now" }), element("p", { class: "hint" })];
  const words = element("div", { "aria-live": "polite" }, now, story);
  const shown = element("div", { class: "replay-curves" }, curves.element, slider);
  const whole = element("div", { class: "replay" }, shown, words);

  const goToPointer = (/** @type {PointerEvent} */ event) => goTo(curves.shareAt(event.offsetX) * MOMENTS);
  slider.addEventListener("input", () => goTo(Number(slider.value)));
  curves.element.addEventListener("pointerdown", (event) => {
    curves.element.setPointerCapture(event.pointerId);
    goToPointer(event);
  });
  curves.element.addEventListener("pointermove", (event) => {
    if (curves.element.hasPointerCapture(event.pointerId)) goToPointer(event);
  });
  return { curves, slider, now, story, words, whole };
}

/** @type {(shares: number[] | null, moment: number, labels: string[], t: Tools["t"]) => string} */
function nowWords(shares, moment, labels, t) {
  const ink = formatPercent(moment / MOMENTS, t.language, 0);
  if (!shares) return t("replay.unknown", { ink });
  const most = Math.max(...shares);
  const probability = formatPercent(most, t.language, 1);
  return t("replay.now", { ink, label: labels[shares.indexOf(most)], probability });
}

/** @type {(run: Pick<ReturnType<typeof createReplayRun>, "moments" | "trouble">, labels: string[], t: Tools["t"]) => string} the last changes of the answer */
function storyWords({ moments, trouble }, labels, t) {
  const known = moments.filter((shares) => shares !== null);
  const isWhole = known.length === moments.length - moments.findIndex((each) => each !== null);
  const turns = isWhole ? changes(known) : [];
  if (!turns.length) return known.length ? "" : trouble;
  const missing = moments.length - known.length;
  const told = turns.slice(-MOST_CHANGES).map(({ moment, from, to }) =>
    t("replay.turn", {
      ink: formatPercent((moment + missing) / MOMENTS, t.language, 0),
      from: labels[from],
      to: labels[to],
    }),
  );
  return told.join(" · ");
}
