/**
 * The pad: a canvas that mouse, pen and finger draw on. It holds the drawing as strokes, and hands out its pixels.
 */

import { colourBmp, cutRegion, greyBmp, inkRegion } from "../../lib/pad/bmp.js";
import { emptyDrawing, PAD_SIZE, perform, redo, undo, visibleStrokes } from "../../lib/pad/drawing.js";
import { element, sizeCanvas } from "../parts/dom.js";
import { createInk } from "./ink.js";

/**
 * @typedef {import("../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {import("../../lib/pad/drawing.js").Stroke} Stroke
 * @typedef {{tool: "brush" | "eraser", width: number, colour: string}} Pen
 */

const MARGIN = 16; // pixels kept around the ink, so that its paper can still be told from it
const GHOST_COLOUR = "#26282f"; // opaque, so that strokes that cross are no brighter there

/**
 * @param {HTMLElement} host
 * @param {{label: string, onChange: (growing: boolean) => void}} options called with `true` while a stroke grows
 */
export function createPad(host, { label, onChange }) {
  const ghost = host.appendChild(element("canvas", { class: "ghost", "aria-hidden": "true" }));
  const canvas = host.appendChild(element("canvas", { class: "pad", tabindex: "0", role: "img", "aria-label": label }));
  const [ink, ghostInk] = [createInk(canvas), createInk(ghost)];
  const raster = createInk(element("canvas", { width: `${PAD_SIZE}`, height: `${PAD_SIZE}` }), {
    willReadFrequently: true,
  });
  const listening = new AbortController();
  const { signal } = listening;

  /** @type {Drawing} */
  let drawing = emptyDrawing();
  /** @type {Pen} */
  let pen = { tool: "brush", width: 18, colour: "#ffffff" };
  /** @type {{pointer: number, stroke: Stroke} | null} */
  let growing = null;
  /** @type {Stroke[]} */
  let example = [];
  let painting = false;
  /** @type {Stroke[] | null} shown instead of the drawing */
  let previewed = null;

  /** @param {PointerEvent} event */
  function addPoints(event) {
    const points = growing?.stroke.points;
    if (!points) return;
    const box = canvas.getBoundingClientRect();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const x = ((each.clientX - box.left) / box.width) * PAD_SIZE;
      const y = ((each.clientY - box.top) / box.height) * PAD_SIZE;
      if (points.at(-2) !== x || points.at(-1) !== y) points.push(x, y);
    }
  }

  function drawGrowing() {
    if (growing) ghostInk.redraw([]);
    ink.grow(growing?.stroke ?? null);
    raster.grow(growing?.stroke ?? null);
  }

  function finish() {
    if (!growing) return;
    const { stroke } = growing;
    growing = null;
    drawing = perform(drawing, stroke);
    ink.keep(stroke);
    raster.keep(stroke);
    onChange(false);
  }

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (growing || event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      if (previewed) endPreview();
      growing = { pointer: event.pointerId, stroke: { ...pen, points: [] } };
      addPoints(event);
      drawGrowing();
      onChange(true);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (growing?.pointer !== event.pointerId) return;
      addPoints(event);
      drawGrowing();
      onChange(true);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      if (growing?.pointer !== event.pointerId) return;
      addPoints(event);
      finish();
    },
    { signal },
  );
  canvas.addEventListener(
    "pointercancel",
    (event) => {
      if (growing?.pointer !== event.pointerId) return;
      growing = null; // two fingers scroll or zoom: that was no stroke
      drawGrowing();
      onChange(false);
    },
    { signal },
  );

  function redraw() {
    const strokes = previewed ?? visibleStrokes(drawing);
    ink.redraw(strokes);
    raster.redraw(strokes);
    ghostInk.redraw(strokes.length || growing ? [] : example);
  }

  function fitResolution() {
    const side = Math.round(host.clientWidth * devicePixelRatio);
    if (!side || side === canvas.width) return;
    for (const each of [canvas, ghost]) sizeCanvas(each, side, side);
    redraw();
  }
  const resizing = new ResizeObserver(fitResolution);
  resizing.observe(host);

  function endPreview() {
    previewed = null;
    redraw();
  }

  /** @returns {Blob | null} what the raster holds, as an uncompressed picture */
  function rasterPicture() {
    const { data } = raster.context.getImageData(0, 0, PAD_SIZE, PAD_SIZE);
    const grey = new Uint8Array(PAD_SIZE * PAD_SIZE);
    for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i + 3];
    const region = inkRegion(grey, PAD_SIZE, PAD_SIZE, MARGIN);
    if (!region) return null;
    const file = painting
      ? colourBmp(onWhitePaper(data), PAD_SIZE, PAD_SIZE)
      : greyBmp(cutRegion(grey, PAD_SIZE, region), region.width, region.height);
    return new Blob([file], { type: "image/bmp" });
  }

  /** @param {Drawing} next */
  function show(next) {
    growing = previewed = null;
    drawing = next;
    redraw();
    onChange(false);
  }

  return {
    /** @param {boolean} visible whether the pad stands in its frame, the pale example with it */
    setVisible(visible) {
      canvas.hidden = ghost.hidden = !visible;
    },
    get drawing() {
      return drawing;
    },
    get growing() {
      return growing !== null;
    },
    /** @param {Pen} next */
    setPen(next) {
      pen = next;
    },
    /**
     * @param {boolean} colours whether this is a pad for pictures: paint on white paper, and not white ink on black
     * @param {Stroke[]} strokes a pale example that invites while nothing is drawn
     */
    setPaper(colours, strokes) {
      painting = colours;
      example = strokes.map((stroke) => ({ ...stroke, colour: GHOST_COLOUR }));
      redraw();
    },
    /** @param {Drawing} next a whole drawing, with its history */
    load: show,
    undo: () => show(undo(drawing)),
    redo: () => show(redo(drawing)),
    clear() {
      if (visibleStrokes(drawing).length) show(perform(drawing, { tool: "clear" }));
    },
    /** @param {Stroke} stroke drawn so far, by no pointer; `finished` keeps it */
    grow(stroke, finished = false) {
      if (previewed) endPreview();
      growing = { pointer: -1, stroke };
      if (finished) finish();
      else {
        drawGrowing();
        onChange(true);
      }
    },
    /** @returns {Blob | null} what the pad shows as an uncompressed picture; null where it shows nothing */
    picture: rasterPicture,
    /** @returns {Stroke[]} of the drawing, whatever is previewed; none while the pad is put away */
    strokes: () => (canvas.hidden ? [] : visibleStrokes(drawing)),
    /** @param {Stroke[] | null} strokes shown instead of the drawing, which stays as it is; null shows it again */
    preview(strokes) {
      if (strokes === null && !previewed) return;
      previewed = strokes;
      redraw();
      onChange(true);
    },
    /**
     * @param {Stroke[]} strokes
     * @returns {Blob | null} what the pad would hand out if it showed them
     */
    pictureOf(strokes) {
      raster.redraw(strokes);
      const picture = rasterPicture();
      raster.redraw(previewed ?? visibleStrokes(drawing));
      raster.grow(growing?.stroke ?? null);
      return picture;
    },
    destroy() {
      listening.abort();
      resizing.disconnect();
      canvas.remove();
      ghost.remove();
    },
  };
}

/**
 * @param {Uint8ClampedArray} rgba with alpha
 * @returns {Uint8ClampedArray} the same on white
 */
function onWhitePaper(rgba) {
  const flat = new Uint8ClampedArray(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const cover = rgba[i + 3] / 255;
    for (let channel = 0; channel < 3; channel++) flat[i + channel] = rgba[i + channel] * cover + 255 * (1 - cover);
  }
  return flat;
}
