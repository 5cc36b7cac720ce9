/**
 * What the network is shown: the drawing on the pad or the picture in its place, and all the ways in which either comes there.
 */

import { galleryOf, padKind } from "../../../lib/network/networks.js";
import { parseDrawing } from "../../../lib/pad/drawing.js";
import { exampleStrokes } from "../../../lib/pad/examples.js";
import { listenForPictures } from "../../../views/pad/intake.js";
import { createPad } from "../../../views/pad/pad.js";
import { createPicture } from "../../../views/pad/picture.js";
import { part } from "../../../views/parts/dom.js";
import { BRUSH } from "../state.js";
import { createPicked } from "./picked.js";
import { playStrokes } from "./playing.js";
import { createTestImages } from "./test-images.js";

/**
 * @typedef {import("../../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {import("../../../lib/pad/examples.js").Example} Example
 * @typedef {import("../types.js").Lab} Lab
 */

const INK = "#ffffff"; // of the pad for digits, on black

/**
 * @param {object} page
 * @param {import("../state.js").State} page.state only read here
 * @param {() => ModelSummary | undefined} page.model the network that is chosen
 * @param {ModelSummary[]} page.models
 * @param {Example[]} page.examples
 * @param {Drawing | undefined} page.linked a drawing that came with the address, for the network that is chosen
 * @param {ReturnType<typeof import("../../shared/storage.js").createStore>} page.store
 * @param {import("../../../lib/screen/i18n.js").Texts} page.t
 * @param {ReturnType<typeof import("../../shared/notice.js").createNotice>} page.notice
 * @param {(growing: boolean) => void} page.onDrawing the pad shows something else; `growing`: a stroke on it has not ended yet
 * @param {() => void} page.onPad an example is about to be drawn: the pad is wanted
 * @param {() => void} page.onPicture a picture was chosen
 * @param {() => void} page.redraw
 */
export function createInput({
  state,
  model,
  models,
  examples,
  linked,
  store,
  t,
  notice,
  onDrawing,
  onPad,
  onPicture,
  redraw,
}) {
  const kind = () => padKind(model());
  /** @type {Record<"digits" | "photos", Drawing>} one for each kind of pad */
  const drawings = { digits: parseDrawing(store.read("digits")), photos: parseDrawing(store.read("photos")) };
  if (linked) drawings[kind()] = linked;
  const picked = createPicked(store);
  /** @type {ReturnType<typeof playStrokes> | null} */
  let playing = null;

  const pad = createPad(part("frame"), {
    label: t("pad.label"),
    onChange(growing) {
      onDrawing(growing);
      if (growing) return;
      drawings[kind()] = pad.drawing;
      store.write(kind(), { acts: pad.drawing.acts });
    },
  });
  const image = createPicture(part("frame"), {
    alt: t("picture.alt"),
    onUnshown(unshown) {
      notice.remark(unshown ? t("picture.unshown") : "");
      redraw();
    },
  });
  const testImages = createTestImages({ t, notice, onPicture: take });
  const [file, shot] = ["file", "shot"].map((name) => /** @type {HTMLInputElement} */ (part(name)));

  const finish = () => playing?.finish();

  /** @param {File} chosen */
  async function take(chosen) {
    finish();
    if (await picked.take(chosen)) onPicture();
  }

  /** @param {Example} example */
  function drawExample(example) {
    if (kind() !== "digits") return;
    interrupt();
    if (state.source !== "pad") onPad();
    pad.clear();
    playing = playStrokes(pad, exampleStrokes(example, BRUSH.standard));
  }

  /** Something else is wanted: what plays is drawn at once, and a picture that is still being decoded comes too late. */
  function interrupt() {
    finish();
    picked.supersede();
  }

  /** @type {(act: () => void) => () => void} */
  const whereDrawn = (act) => () => {
    finish();
    if (state.source === "pad") act();
  };

  part("frame").addEventListener(
    "pointerdown",
    () => {
      finish();
      if (state.source === "pad") picked.supersede(); // a stroke begins
    },
    { capture: true },
  );
  listenForPictures([file, shot], {
    onFile: take,
    onDragging: (dragging) => part("lab").toggleAttribute("data-dropping", dragging),
  });

  return {
    pad,
    /** @returns {Blob | null} what was chosen, whether it is on show or not */
    get picture() {
      return picked.picture;
    },
    /** @returns {Blob | null} what the network is to be shown; null where that is nothing */
    body: () => (state.source === "picture" ? picked.picture : pad.picture()),
    interrupt,
    /** Another source is chosen: no picture that is still being decoded may replace it. */
    supersede: picked.supersede,
    /** Another network is chosen: its pad, with the drawing that was left there. */
    layPad() {
      const sevens = examples.filter(({ label, hand }) => label === "7" && hand === state.hand);
      pad.setPaper(
        kind() === "photos",
        kind() === "digits" ? sevens.flatMap((each) => exampleStrokes(each, BRUSH.standard)) : [],
      );
      pad.load(drawings[kind()]);
    },
    /** @param {Blob} body that the server has read */
    keep(body) {
      if (body === picked.picture) picked.keep();
    },
    /** @param {Blob} body that the server cannot read */
    drop(body) {
      if (body === picked.picture) picked.drop();
    },
    /** Show what is chosen. */
    show() {
      const chosen = model();
      const picture = state.source === "picture" ? picked.picture : null;
      pad.setVisible(state.source === "pad");
      image.update(picture);
      testImages.update({ model: chosen, gallery: chosen && galleryOf(chosen, models), picture });
      pad.setPen({ tool: state.tool, width: state.brush, colour: kind() === "photos" ? state.colour : INK });
    },
    /** @type {(answered: Pick<Lab, "question" | "frame">) => void} where the browser cannot show the picture, what the network sees of it */
    showSeen({ question, frame }) {
      image.see(question && question.body === picked.picture ? (frame?.tensors.get("input") ?? null) : null);
    },
    /** @param {import("../../../lib/api/types.js").TestImage} test of the network that is chosen; it is taken as the picture */
    showTestImage(test) {
      const chosen = model();
      if (chosen) testImages.show(chosen, test);
    },
    /** What the page's controls ask for. */
    actions: {
      drawExample,
      clear: whereDrawn(pad.clear),
      undo: whereDrawn(pad.undo),
      redo: whereDrawn(pad.redo),
      /** @param {import("./test-images.js").Which} which */
      takeTestImage(which) {
        finish();
        const chosen = model();
        const gallery = chosen && galleryOf(chosen, models);
        if (gallery) testImages.take(gallery, which);
      },
      open: () => file.click(),
      camera: () => shot.click(),
    },
  };
}
