/**
 * The threads of a trace across the page, and which of them are in front: those of the unit that is pointed at.
 */

import { sharesOf, threadsOf, threadsThrough } from "../../../lib/explain/trace.js";
import { createThreads } from "../../../views/layers/threads.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").TraceExplanation} TraceExplained
 * @typedef {import("../../../lib/explain/trace.js").Place} Place
 */

const MOST_THREADS = 12; // in a step

/** @param {Tools} tools */
export function createWhyThreads(tools) {
  const { card, places } = tools;
  const passed = card.layers.filter(({ kind }) => kind === "normalization").map(({ name }) => name);
  /** @type {{of: TraceExplained, shares: ReturnType<typeof sharesOf>, threads: ReturnType<typeof threadsOf>} | null} */
  let laid = null;
  /** @type {{threads: ReturnType<typeof createThreads>, reading: ReturnType<typeof followReading>} | null} only while the sheet is open */
  let overlay = null;

  return {
    /** @type {(trace: TraceExplained | null, lab: Lab, pointed: Place | null) => void} `pointed`: in the list of the sheet */
    update(trace, lab, pointed) {
      overlay ??= { threads: createThreads(places), reading: followReading(tools) };
      if (trace && laid?.of !== trace) {
        const shares = sharesOf(trace, passed);
        laid = { of: trace, shares, threads: threadsOf(shares, MOST_THREADS) };
      }
      if (!trace || !laid) return overlay.threads.update([], null);
      const place = pointed ?? overlay.reading.of(lab);
      const through = place ? threadsThrough(laid.shares, laid.threads, place) : [];
      overlay.threads.update(laid.threads, through.length ? through : null);
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
