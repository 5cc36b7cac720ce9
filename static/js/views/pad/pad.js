/**
 * The pad: a canvas that mouse, pen and finger draw on. It holds the drawing as strokes, and hands out its pixels.
 */

import { PAD_SIZE, perform, redo, undo, visibleStrokes } from "../../lib/pad/drawing.js";
import { createPadModel } from "../../lib/pad/pad-model.js";
import { rasterBmp } from "../../lib/pad/raster.js";
import { createSurface } from "./surface.js";

/**
 * @typedef {import("../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {import("../../lib/pad/drawing.js").Stroke} Stroke
 */

/**
 * @param {HTMLElement} host
 * @param {{label: string, onChange: (growing: boolean) => void}} options called with `true` while a stroke grows
 */
export function createPad(host, { label, onChange }) {
  const model = createPadModel();
  const surface = createSurface(host, label);
  let inColour = false;

  const redraw = () => surface.redraw(model.shown(), model.ghost());

  /** @type {(rgba: Uint8ClampedArray) => Blob | null} */
  function pictureOf(rgba) {
    const file = rasterBmp(rgba, PAD_SIZE, inColour);
    return file && new Blob([file], { type: "image/bmp" });
  }

  /** @param {Drawing} next */
  function load(next) {
    model.load(next);
    redraw();
    onChange(false);
  }

  /** @param {Stroke[] | null} strokes */
  function preview(strokes) {
    model.preview(strokes);
    redraw();
  }

  const strokes = createStrokes(model, surface, { onChange, endPreview: () => model.isPreviewing && preview(null) });
  const resizing = new ResizeObserver(() => surface.fit() && redraw());
  resizing.observe(host);

  return {
    /** @param {boolean} visible whether the pad stands in its frame, the pale example with it */
    setVisible: surface.setVisible,
    get drawing() {
      return model.drawing;
    },
    get growing() {
      return model.growing !== null;
    },
    setPen: model.setPen,
    /**
     * @param {boolean} colours whether this is a pad for pictures: paint on white paper, and not white ink on black
     * @param {Stroke[]} example a pale one that invites while nothing is drawn
     */
    setPaper(colours, example) {
      inColour = colours;
      model.setExample(example);
      redraw();
    },
    /** @param {Drawing} next a whole drawing, with its history */
    load,
    undo: () => load(undo(model.drawing)),
    redo: () => load(redo(model.drawing)),
    clear() {
      if (visibleStrokes(model.drawing).length) load(perform(model.drawing, { tool: "clear" }));
    },
    grow: strokes.grow,
    /** @returns {Blob | null} what the pad shows as an uncompressed picture; null where it shows nothing */
    picture: () => pictureOf(surface.pixels()),
    /** @returns {Stroke[]} of the drawing, whatever is previewed; none while the pad is put away */
    strokes: () => (surface.canvas.hidden ? [] : visibleStrokes(model.drawing)),
    /** @param {Stroke[] | null} shown instead of the drawing, which stays as it is; null shows it again */
    preview(shown) {
      if (shown === null && !model.isPreviewing) return;
      preview(shown);
      onChange(true);
    },
    /** @type {(strokes: Stroke[]) => Blob | null} what the pad would hand out if it showed them */
    pictureOf: (others) => pictureOf(surface.pixelsOf(others, model.shown(), model.growing?.stroke ?? null)),
    destroy() {
      strokes.destroy();
      resizing.disconnect();
      surface.destroy();
    },
  };
}

/**
 * Strokes as they are drawn, by a pointer or by the page.
 * @param {ReturnType<typeof createPadModel>} model
 * @param {ReturnType<typeof createSurface>} surface
 * @param {{onChange: (growing: boolean) => void, endPreview: () => void}} events
 */
function createStrokes(model, surface, { onChange, endPreview }) {
  const { canvas } = surface;
  const listening = new AbortController();
  const { signal } = listening;

  const showGrowing = () => surface.grow(model.growing?.stroke ?? null);

  function finish() {
    const stroke = model.finish();
    if (!stroke) return;
    surface.keep(stroke);
    onChange(false);
  }

  /** @param {PointerEvent} event */
  function extend(event) {
    model.addPoints(pointsOf(event, canvas));
    showGrowing();
    onChange(true);
  }

  /** @type {(act: (event: PointerEvent) => void) => (event: PointerEvent) => void} only for the pointer that draws the stroke */
  const whileDrawing = (act) => (event) => {
    if (model.growing?.pointer === event.pointerId) act(event);
  };

  /** @param {PointerEvent} event */
  function begin(event) {
    if (model.growing || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    endPreview();
    model.begin(event.pointerId);
    extend(event);
  }

  /** @param {PointerEvent} event */
  function end(event) {
    model.addPoints(pointsOf(event, canvas));
    finish();
  }

  /** Two fingers scroll or zoom: that was no stroke. */
  function cancel() {
    model.cancel();
    showGrowing();
    onChange(false);
  }

  canvas.addEventListener("pointerdown", begin, { signal });
  canvas.addEventListener("pointermove", whileDrawing(extend), { signal });
  canvas.addEventListener("pointerup", whileDrawing(end), { signal });
  canvas.addEventListener("pointercancel", whileDrawing(cancel), { signal });

  return {
    /** @param {Stroke} stroke drawn so far, by no pointer; `finished` keeps it */
    grow(stroke, finished = false) {
      endPreview();
      model.grow(stroke);
      if (finished) return finish();
      showGrowing();
      onChange(true);
    },
    destroy: () => listening.abort(),
  };
}

/**
 * @param {PointerEvent} event with all the points that the browser collected since the last one
 * @param {HTMLCanvasElement} canvas
 * @returns {number[]} x and y in turn, in the pad's coordinates
 */
function pointsOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const events = event.getCoalescedEvents?.() ?? [];
  return (events.length ? events : [event]).flatMap(({ clientX, clientY }) => [
    ((clientX - box.left) / box.width) * PAD_SIZE,
    ((clientY - box.top) / box.height) * PAD_SIZE,
  ]);
}
