/**
 * Slot A: a saved input, or a second network for the same input, to be compared with the current drawing.
 */

import { fetchCard, predictFrame } from "../../../lib/api/api.js";
import { createLive } from "../../../lib/api/live.js";
import { deriveReadings } from "../../../lib/network/derive.js";
import { askedOf } from "../../../lib/network/switched.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../../lib/api/types.js").Frame} Frame
 * @typedef {import("./conversation.js").Question} Question
 *
 * @typedef {object} Held what stands in the slot
 * @property {"input" | "network"} kind
 * @property {ModelCard} card
 * @property {Frame | null} frame
 * @property {Map<string, Reading> | null} readings
 * @property {string} trouble why there is no newer answer
 */

/**
 * @param {object} page
 * @param {ModelSummary[]} page.models
 * @param {import("../../../lib/screen/i18n.js").Texts} page.t
 * @param {() => void} page.redraw
 */
export function createSlot({ models, t, redraw }) {
  /** @type {Held | null} */
  let held = null;
  /** @type {Question | null} what the other network was asked last */
  let asked = null;
  let turn = 0; // counts what was put into the slot: a card that arrives later than a newer choice is dropped

  const live = createLive({
    /** @type {(question: Question, signal: AbortSignal) => Promise<Frame>} */
    send: predictFrame,
    onReply(frame) {
      if (!held) return;
      held = { ...held, frame, readings: deriveReadings(held.card, frame), trouble: "" };
      redraw();
    },
    onTrouble(error) {
      if (!held || error === "slow") return;
      held = { ...held, trouble: troubleWords(error, t) };
      redraw();
    },
  });

  function clear() {
    turn++;
    live.drop();
    held = asked = null;
  }

  return {
    get held() {
      return held;
    },
    /** @type {(frame: Frame, readings: Map<string, Reading>, card: ModelCard) => void} */
    pin(frame, readings, card) {
      clear();
      held = { kind: "input", card, frame, readings, trouble: "" };
      redraw();
    },
    /** @param {string} name of a network that reads along from now on */
    async follow(name) {
      clear();
      const mine = turn;
      const card = await fetchCard(name).catch(() => null);
      const summary = models.find((model) => model.name === name);
      if (!card || !summary || mine !== turn) return;
      held = { kind: "network", card: { ...summary, ...card }, frame: null, readings: null, trouble: "" };
      redraw();
    },
    /** @param {Question | null} question what the page's own network has answered: the other is asked the same */
    update(question) {
      if (held?.kind !== "network" || question === asked) return;
      asked = question;
      const own = models.find(({ name }) => name === question?.model);
      if (question && own) live.ask(askedOf(question, own, held.card));
      else {
        live.drop();
        held = { ...held, frame: null, readings: null };
      }
    },
    clear() {
      clear();
      redraw();
    },
  };
}
