/**
 * Back along the ink: what the network answered while the drawing grew, as probability against ink, to be dragged through.
 */

import { fetchProbabilities } from "../../../lib/api/api.js";
import { persist } from "../../../lib/api/retry.js";
import { classifies } from "../../../lib/network/networks.js";
import { changes, drawnUntil, strokeEnds } from "../../../lib/pad/replay.js";
import { formatPercent } from "../../../lib/screen/format.js";
import { element } from "../../../views/parts/dom.js";
import { createCurves } from "../../../views/sheets/curves.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/pad/drawing.js").Stroke} Stroke
 */

const MOMENTS = 48;
const AT_ONCE = 2;
const TOLD = 3; // changes of the answer: the first ones, of a few pixels of ink, say little

/** @type {(question: Lab["question"]) => string} the experiment under which it is asked; empty where nothing is */
const wordsOf = (question) => (question ? JSON.stringify(question.experiment ?? {}) : "");

/** @type {import("../types.js").SheetKind} */
export const replay = {
  name: "replay",
  about: "image",
  fits: classifies,
  create({ card, t, redraw, pad }) {
    const labels = card.classes[t.language] ?? card.classes.en;
    const curves = createCurves({ labels, label: t("replay.curves"), axis: t("replay.axis") });
    const slider = element("input", {
      type: "range",
      min: "0",
      max: String(MOMENTS),
      step: "1",
      "aria-label": t("replay.ink"),
    });
    const [now, story] = [element("p", { class: "replay-now" }), element("p", { class: "hint" })];
    const words = element("div", { class: "replay-words", "aria-live": "polite" }, now, story);
    const whole = element(
      "div",
      { class: "replay" },
      element("div", { class: "replay-curves" }, curves.element, slider),
      words,
    );

    /** @type {readonly Stroke[]} the drawing that is told of */
    let strokes = [];
    let experiment = ""; // under which the network was asked
    /** @type {number[]} */
    let ends = [];
    /** @type {(number[] | null)[]} probabilities at each moment */
    let moments = [];
    let moment = MOMENTS;
    let trouble = "";
    let running = new AbortController();

    /** @type {(next: Stroke[], lab: Lab) => void} */
    function begin(next, { question }) {
      running.abort();
      running = new AbortController();
      strokes = next;
      experiment = wordsOf(question);
      ends = strokeEnds(next);
      moments = Array(MOMENTS + 1).fill(null);
      trouble = "";
      if (!question) return;
      const queue = [...moments.keys()].slice(1).reverse(); // the end is known best: from there backwards
      for (let i = 0; i < AT_ONCE; i++) work(queue, question, running.signal);
    }

    /** @type {(queue: number[], question: NonNullable<Lab["question"]>, signal: AbortSignal) => Promise<void>} */
    async function work(queue, question, signal) {
      for (let at = queue.shift(); at !== undefined && !signal.aborted; at = queue.shift()) {
        const index = at;
        const body = pad.pictureOf(drawnUntil([...strokes], index / MOMENTS));
        if (!body) continue;
        const shares = await persist(() => fetchProbabilities({ ...question, body }, signal), {
          wanted: () => !signal.aborted,
          onTrouble: (error) => {
            trouble = troubleWords(error, t);
          },
          passes: () => false, // a speck is no digit yet: the curve begins later
        });
        if (shares) moments[index] = shares;
        if (!signal.aborted) redraw();
      }
    }

    /** @param {number} next */
    function goTo(next) {
      moment = Math.min(Math.max(Math.round(next), 0), MOMENTS);
      pad.preview(moment === MOMENTS ? null : drawnUntil([...strokes], moment / MOMENTS));
      redraw();
    }
    slider.addEventListener("input", () => goTo(Number(slider.value)));
    curves.element.addEventListener("pointerdown", (event) => {
      curves.element.setPointerCapture(event.pointerId);
      goTo(curves.shareAt(event.offsetX) * MOMENTS);
    });
    curves.element.addEventListener("pointermove", (event) => {
      if (curves.element.hasPointerCapture(event.pointerId)) goTo(curves.shareAt(event.offsetX) * MOMENTS);
    });

    function say() {
      const known = moments.filter((shares) => shares !== null);
      const shares = moments[moment];
      const first = shares ? shares.indexOf(Math.max(...shares)) : -1;
      const ink = formatPercent(moment / MOMENTS, t.language, 0);
      now.textContent = shares
        ? t("replay.now", { ink, label: labels[first], probability: formatPercent(shares[first], t.language, 1) })
        : t("replay.unknown", { ink });
      const turns = known.length === moments.length - moments.findIndex((each) => each !== null) ? changes(known) : [];
      const skipped = moments.length - known.length;
      story.textContent = turns.length
        ? turns
            .slice(-TOLD)
            .map(({ moment: at, from, to }) =>
              t("replay.turn", {
                ink: formatPercent((at + skipped) / MOMENTS, t.language, 0),
                from: labels[from],
                to: labels[to],
              }),
            )
            .join(" · ")
        : trouble && !known.length
          ? trouble
          : "";
    }

    return {
      element: whole,
      update(lab) {
        const drawn = pad.strokes();
        const same = drawn.length === strokes.length && drawn.every((stroke, i) => stroke === strokes[i]);
        const varied = lab.question !== null && wordsOf(lab.question) !== experiment;
        if ((!same || varied) && lab.rests && drawn.length) {
          if (!same) moment = MOMENTS; // under another experiment one stays where one was
          begin(drawn, lab);
        } else if (!drawn.length) strokes = moments = [];
        words.hidden = curves.element.hidden = slider.hidden = !strokes.length;
        whole.dataset.empty = strokes.length ? "" : t("replay.empty");
        slider.value = String(moment);
        if (!strokes.length) return;
        const answer = moments[moment];
        curves.update({
          moments: moments.slice(0),
          ends,
          share: moment / MOMENTS,
          palette: lab.palette,
          chosen: answer ? answer.indexOf(Math.max(...answer)) : -1,
        });
        say();
      },
      leave() {
        running.abort();
        strokes = [];
        pad.preview(null);
      },
    };
  },
};
