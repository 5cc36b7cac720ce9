/**
 * What the network is shown: the drawing on the pad or the picture in its place, and all the ways in which either comes there.
 */

import { galleryOf, padKind } from "../../../lib/network/networks.js";
import { exampleStrokes } from "../../../lib/pad/examples.js";
import { listenForPictures } from "../../../views/pad/intake.js";
import { createPad } from "../../../views/pad/pad.js";
import { createPicture } from "../../../views/pad/picture.js";
import { part } from "../../../views/parts/dom.js";
import { BRUSH } from "../state.js";
import { createDrawings } from "./drawings.js";
import { createPicked } from "./picked.js";
import { createPlayer } from "./playing.js";
import { createTestImages } from "./test-images.js";

/**
 * @typedef {import("../../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../../lib/api/types.js").GalleryEntry} TestImage
 * @typedef {import("../../../lib/pad/drawing.js").Drawing} Drawing
 * @typedef {import("../../../lib/pad/examples.js").Example} Example
 * @typedef {import("../types.js").Lab} Lab
 *
 * @typedef {object} InputPage
 * @property {import("../state.js").State} state only read here
 * @property {() => ModelSummary | undefined} model the network that is chosen
 * @property {ModelSummary[]} models
 * @property {Example[]} examples
 * @property {Drawing | undefined} linked a drawing that came with the address, for the network that is chosen
 * @property {ReturnType<typeof import("../../shared/storage.js").createStore>} store
 * @property {import("../../../lib/screen/i18n.js").Texts} t
 * @property {ReturnType<typeof import("../../shared/notice.js").createNotice>} notice
 * @property {(growing: boolean) => void} onDrawing the pad shows something else; `growing`: a stroke on it has not ended yet
 * @property {() => void} onPad an example is about to be drawn: the pad must be on show
 * @property {() => void} onPicture a picture was chosen
 * @property {() => void} redraw
 */

const INK = "#ffffff"; // of the pad for digits, on black

/** @param {InputPage} page */
export function createInput(page) {
  const { state, model, models, examples } = page;
  const kind = () => padKind(model());
  const sources = createSources(page, kind);
  const { pad, image, picked, drawings, testImages } = sources;
  const { interrupt, actions } = createActions(page, kind, sources);

  return {
    pad,
    /** @returns {Blob | null} what was chosen, whether it is on show or not */
    get picture() {
      return picked.picture;
    },
    /** @returns {Blob | null} what the network is to be shown; null where that is nothing */
    body: () => (state.source === "picture" ? picked.picture : pad.picture()),
    interrupt,
    /** Another source is chosen: a picture that is still being decoded must not replace it. */
    supersede: picked.supersede,
    /** Another network is chosen: show its pad, with the drawing that was left there. */
    layPad() {
      const isDigits = kind() === "digits";
      const sevens = examples.filter(({ label, hand }) => label === "7" && hand === state.hand);
      pad.setPaper(!isDigits, isDigits ? sevens.flatMap((each) => exampleStrokes(each, BRUSH.standard)) : []);
      pad.load(drawings.of(kind()));
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
      const colour = kind() === "photos" ? state.colour : INK;
      pad.setPen({ tool: state.tool, width: state.brush, colour });
    },
    /** @type {(answered: Pick<Lab, "question" | "frame">) => void} where the browser cannot show the picture, what the network sees of it */
    showSeen({ question, frame }) {
      image.see(question && question.body === picked.picture ? (frame?.tensors.get("input") ?? null) : null);
    },
    /** @param {TestImage} test of the network that is chosen; it becomes the picture */
    showTestImage(test) {
      const chosen = model();
      if (chosen) testImages.show(chosen, test);
    },
    /** What the page's controls do. */
    actions,
  };
}

/**
 * The pad and the picture, and where both are kept.
 * @param {InputPage} page
 * @param {() => import("./drawings.js").Kind} kind
 */
function createSources({ linked, store, t, notice, onDrawing, onPicture, redraw }, kind) {
  const drawings = createDrawings(store);
  if (linked) drawings.set(kind(), linked);
  const picked = createPicked(store);
  const pad = createPad(part("frame"), {
    label: t("pad.label"),
    onChange(growing) {
      onDrawing(growing);
      if (!growing) drawings.keep(kind(), pad.drawing);
    },
  });
  const image = createPicture(part("frame"), {
    alt: t("picture.alt"),
    onUnshown(unshown) {
      notice.remark(unshown ? t("picture.unshown") : "");
      redraw();
    },
  });
  const player = createPlayer(pad);

  /** @param {File} chosen */
  async function take(chosen) {
    player.finish();
    if (await picked.take(chosen)) onPicture();
  }

  const testImages = createTestImages({ t, notice, onPicture: take });
  return { drawings, picked, pad, image, player, take, testImages };
}

/**
 * What a visitor can do with the input.
 * @param {InputPage} page
 * @param {() => import("./drawings.js").Kind} kind
 * @param {ReturnType<typeof createSources>} sources
 */
function createActions({ state, model, models, onPad }, kind, { pad, picked, player, take, testImages }) {
  const [file, shot] = ["file", "shot"].map((name) => /** @type {HTMLInputElement} */ (part(name)));
  listenForPictures([file, shot], {
    onFile: take,
    onDragging: (dragging) => part("lab").toggleAttribute("data-dropping", dragging),
  });
  part("frame").addEventListener("pointerdown", beginStroke, { capture: true });

  function beginStroke() {
    player.finish();
    if (state.source === "pad") picked.supersede();
  }

  /** Something else is chosen: what plays is drawn at once, and a picture that is still being decoded comes too late. */
  function interrupt() {
    player.finish();
    picked.supersede();
  }

  /** @type {(act: () => void) => () => void} */
  const whereDrawn = (act) => () => {
    player.finish();
    if (state.source === "pad") act();
  };

  return {
    interrupt,
    actions: {
      /** @param {Example} example */
      drawExample(example) {
        if (kind() !== "digits") return;
        interrupt();
        if (state.source !== "pad") onPad();
        pad.clear();
        player.play(exampleStrokes(example, BRUSH.standard));
      },
      clear: whereDrawn(pad.clear),
      undo: whereDrawn(pad.undo),
      redo: whereDrawn(pad.redo),
      /** @param {import("./test-images.js").Which} which */
      takeTestImage(which) {
        player.finish();
        const chosen = model();
        const gallery = chosen && galleryOf(chosen, models);
        if (gallery) testImages.take(gallery, which);
      },
      open: () => file.click(),
      camera: () => shot.click(),
    },
  };
}
