/**
 * Threads across the page, from a class's bar through the units of every layer to the pixels, on a canvas over everything.
 */

import { knotsOf, strandsOf } from "../../lib/explain/strands.js";
import { STACKED } from "../../lib/screen/stage.js";
import { element } from "../parts/dom.js";
import { createThreadPainter } from "./thread-painter.js";

/** @typedef {import("../../lib/explain/trace.js").Thread} Thread */

const GROWTH_MS = 300;

/**
 * @param {import("./network-places.js").Places} places
 */
export function createThreads({ host, of }) {
  const canvas = element("canvas", { class: "threads", "aria-hidden": "true" });
  const painter = createThreadPainter(canvas);
  const stacked = matchMedia(STACKED);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Thread[]} */
  let threads = [];
  /** @type {Thread[] | null} */
  let front = null;
  let grown = 1;
  let began = 0;
  let frame = 0;
  host.append(canvas);
  const watching = watchLayout(host, lay);

  function lay() {
    if (!frame) frame = requestAnimationFrame(paint);
  }

  /** @type {import("../../lib/explain/strands.js").RectOf} */
  const rectOf = ({ layer, spot }) => of(layer, spot);

  function paint() {
    frame = 0;
    const strands = stacked.matches ? [] : strandsOf(threads, front, rectOf);
    const knots = stacked.matches ? [] : knotsOf(threads, front, rectOf);
    canvas.hidden = strands.length + knots.length === 0;
    if (canvas.hidden) return;
    if (grown < 1) grown = Math.min(1, (performance.now() - began) / GROWTH_MS);
    const steps = 1 + Math.max(...threads.map(({ step }) => step), 0);
    painter.paint(strands, knots, (step) => Math.min(Math.max(grown * steps - step, 0), 1));
    if (grown < 1) lay();
  }

  return {
    /**
     * @param {Thread[]} next none while the answer is not known
     * @param {Thread[] | null} inFront those that are looked at; the others fade
     */
    update(next, inFront) {
      if (next.length && next !== threads && !still.matches) {
        grown = 0;
        began = performance.now();
      }
      threads = next;
      front = inFront;
      lay();
    },
    destroy() {
      cancelAnimationFrame(frame);
      watching.destroy();
      canvas.remove();
    },
  };
}

/** @type {(host: HTMLElement, onChange: () => void) => {destroy: () => void}} everything that moves what threads lead to */
function watchLayout(host, onChange) {
  const listening = new AbortController();
  const { signal } = listening;
  const resizing = new ResizeObserver(onChange);
  resizing.observe(host);
  const enlarging = new MutationObserver(onChange); // an enlarged layer moves everything else
  enlarging.observe(host, { subtree: true, attributes: true, attributeFilter: ["data-enlarged", "data-sheet"] });
  addEventListener("scroll", onChange, { signal, capture: true, passive: true });
  addEventListener("resize", onChange, { signal });
  return {
    destroy() {
      listening.abort();
      resizing.disconnect();
      enlarging.disconnect();
    },
  };
}
