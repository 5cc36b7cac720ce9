/**
 * The experiment of the moment: units of the network that are switched off, and steps of its preprocessing that are left out.
 */

import { NOTHING_OFF, offWords } from "../../lib/network/switched.js";

/** @typedef {import("../../lib/network/switched.js").Off} Off */

/** @param {() => void} onChange the switched units or the left-out steps have changed */
export function createExperiment(onChange) {
  let off = NOTHING_OFF;
  /** @type {string[]} */
  let skipped = [];

  return {
    /** @returns {Off} units and maps that are switched off */
    get off() {
      return off;
    },
    /** @returns {string[]} steps of the preprocessing that are left out */
    get skipped() {
      return skipped;
    },
    /** @returns {Record<string, string>} what departs from the usual, as parameters of the API */
    parameters: () => ({
      ...(off.size ? { off: offWords(off) } : {}),
      ...(skipped.length ? { skip_steps: skipped.join() } : {}),
    }),
    /** @param {Off} next just these units and maps are to be off */
    switchTo(next) {
      off = next;
      onChange();
    },
    /** @param {string[]} steps just these are to be left out */
    skip(steps) {
      skipped = steps;
      onChange();
    },
    /** Another network is chosen: nothing of it is off, and no step left out. */
    end() {
      off = NOTHING_OFF;
      skipped = [];
    },
  };
}
