/**
 * Threads across the page, from a class's bar through the units of every layer to the pixels, on a canvas over everything.
 */

import { nameOf } from "../../lib/explain/trace.js";
import { beginningOf, curveBetween } from "../../lib/screen/curve.js";
import { STACKED } from "../../lib/screen/stage.js";
import { context2d, element, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/explain/trace.js").Thread} Thread
 * @typedef {import("../../lib/explain/trace.js").Place} Place
 * @typedef {import("../../lib/screen/curve.js").Curve} Curve
 * @typedef {{thread: Thread, curve: Curve}} Strand
 * @typedef {{rect: DOMRect, value: number, step: number, small: boolean, front: boolean}} Knot
 */

const GROWTH_MS = 300;
const MARGIN = 8; // of the canvas around what is drawn on it
const BESIDE_BAR = 4;
const LEAST_RING = 7; // a value of a map, or a pixel, is smaller than a line can go around: it gets a dot
const DOT = 2.2;
const SMALL_TYPE = 12; // lines are as wide as they look beside letters of this size

/**
 * @param {import("./network-places.js").Places} places
 */
export function createThreads({ host, of }) {
  const canvas = element("canvas", { class: "threads", "aria-hidden": "true" });
  const context = context2d(canvas);
  const stacked = matchMedia(STACKED);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const listening = new AbortController();
  /** @type {Thread[]} */
  let threads = [];
  /** @type {Thread[] | null} */
  let front = null;
  let grown = 1;
  let began = 0;
  let frame = 0;
  host.append(canvas);

  function lay() {
    if (!frame) frame = requestAnimationFrame(paint);
  }

  /** @type {(place: Place, isStart: boolean) => DOMRect | null} */
  function rectOf(place, isStart) {
    const rect = of(place.layer, place.spot);
    return rect && isStart ? new DOMRect(rect.x - BESIDE_BAR, rect.y, rect.width, rect.height) : rect;
  }

  /** @returns {Strand[]} */
  function strands() {
    const all = front ? [...threads.filter((each) => !front?.includes(each)), ...front] : threads;
    return all.flatMap((thread) => {
      const [from, to] = [rectOf(thread.from, thread.step === 0), rectOf(thread.to, false)];
      return from && to ? [{ thread, curve: curveBetween(from, to) }] : [];
    });
  }

  /** @returns {Knot[]} the places that threads lead to */
  function knots() {
    /** @type {Map<string, Knot>} */
    const found = new Map();
    const last = threads.at(-1)?.step;
    for (const thread of [...threads, ...(front ?? [])]) {
      const rect = of(thread.to.layer, thread.to.spot);
      if (rect)
        found.set(nameOf(thread.to), {
          rect,
          value: thread.value,
          step: thread.step,
          small: thread.step === last || rect.width < LEAST_RING,
          front: !front || front.includes(thread),
        });
    }
    return [...found.values()];
  }

  /** @type {(curves: Curve[], rects: DOMRect[]) => void} make the canvas as large as what it holds */
  function place(curves, rects) {
    const xs = [...curves.flat().map(([x]) => x), ...rects.flatMap(({ left, right }) => [left, right])];
    const ys = [...curves.flat().map(([, y]) => y), ...rects.flatMap(({ top, bottom }) => [top, bottom])];
    const [left, top] = [Math.floor(Math.min(...xs)) - MARGIN, Math.floor(Math.min(...ys)) - MARGIN];
    const [width, height] = [Math.ceil(Math.max(...xs)) + MARGIN - left, Math.ceil(Math.max(...ys)) + MARGIN - top];
    const ratio = devicePixelRatio;
    sizeCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio), ratio);
    canvas.style.left = `${left}px`;
    canvas.style.top = `${top}px`;
    context.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
    context.clearRect(left, top, width, height);
  }

  function paint() {
    frame = 0;
    const [drawn, ends] = stacked.matches ? [[], []] : [strands(), knots()];
    canvas.hidden = drawn.length + ends.length === 0;
    if (canvas.hidden) return;
    if (grown < 1) grown = Math.min(1, (performance.now() - began) / GROWTH_MS);
    place(
      drawn.map(({ curve }) => curve),
      ends.map(({ rect }) => rect),
    );
    const style = getComputedStyle(canvas);
    const [more, less, background] = ["--more", "--less", "--bg"].map((name) => style.getPropertyValue(name));
    const width = Number.parseFloat(style.getPropertyValue("--type-small")) / SMALL_TYPE;
    const steps = 1 + Math.max(...threads.map(({ step }) => step), 0);
    const reach = (/** @type {number} */ step) => Math.min(Math.max(grown * steps - step, 0), 1);
    const isFront = (/** @type {Strand} */ { thread }) => Number(front?.includes(thread) ?? false);
    drawn.sort((a, b) => isFront(a) - isFront(b) || a.thread.share - b.thread.share);
    context.lineCap = "round";
    for (const strand of drawn) {
      const { value, share, step } = strand.thread;
      if (reach(step) === 0) continue;
      const faded = front && !isFront(strand);
      const [[x, y], ...rest] = beginningOf(strand.curve, reach(step));
      const line = new Path2D();
      line.moveTo(x, y);
      line.bezierCurveTo(...rest[0], ...rest[1], ...rest[2]);
      if (!faded) stroke(line, background, width * (2.6 + 1.8 * share), 0.35); // keeps crossing threads, and threads on cells, apart
      stroke(line, value > 0 ? more : less, width * (0.9 + 1.7 * share), faded ? 0.13 : 0.5 + 0.4 * share);
    }
    for (const knot of ends) if (reach(knot.step) === 1) tie(knot, knot.value > 0 ? more : less, background);
    context.globalAlpha = 1;
    if (grown < 1) lay();
  }

  /** @type {(line: Path2D, colour: string, width: number, alpha: number) => void} */
  function stroke(line, colour, width, alpha) {
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(line);
  }

  /** @type {(knot: Knot, colour: string, background: string) => void} */
  function tie({ rect, small, front: isFront }, colour, background) {
    const line = new Path2D();
    const alpha = isFront ? 1 : 0.2;
    if (!small) {
      line.rect(rect.x - 0.25, rect.y - 0.25, rect.width + 0.5, rect.height + 0.5);
      stroke(line, colour, 1.5, alpha);
      return;
    }
    line.arc(rect.x + rect.width / 2, rect.y + rect.height / 2, DOT, 0, 2 * Math.PI);
    stroke(line, background, 1.5, alpha);
    context.fillStyle = colour;
    context.fill(line);
  }

  const resizing = new ResizeObserver(lay);
  resizing.observe(host);
  const enlarging = new MutationObserver(lay); // what is enlarged moves everything else
  enlarging.observe(host, { subtree: true, attributes: true, attributeFilter: ["data-enlarged", "data-sheet"] });
  addEventListener("scroll", lay, { signal: listening.signal, capture: true, passive: true });
  addEventListener("resize", lay, { signal: listening.signal });

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
      listening.abort();
      resizing.disconnect();
      enlarging.disconnect();
      canvas.remove();
    },
  };
}
