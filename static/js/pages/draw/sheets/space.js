/**
 * The space of codes: where the test images lie in it, where the visitor's own input does, and what the decoder draws elsewhere.
 *
 * A code of two numbers is a point of the map and is moved there; a longer one is moved number by number.
 */

import { fetchAtlas } from "../../../lib/api/api.js";
import { persist } from "../../../lib/api/retry.js";
import { codeRanges, mappedOf } from "../../../lib/explain/code-space.js";
import { CODE, classifies } from "../../../lib/network/networks.js";
import { part } from "../../../views/parts/dom.js";
import { createSpaceView } from "../../../views/sheets/space-view.js";
import { troubleWords } from "../../shared/notice.js";
import { createMovedCode } from "./moved-code.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 */

/** @type {import("../types.js").SheetKind} */
export const space = {
  name: "space",
  about: "image",
  fits: (card) => !classifies(card) && card.layers.some(({ name }) => name === CODE),
  create,
};

/** @param {import("../types.js").Tools} tools */
function create({ card, t, redraw, usual }) {
  const codeLayer = /** @type {LayerCard} */ (card.layers.find(({ name }) => name === CODE));
  const output = /** @type {LayerCard} */ (card.layers.at(-1));
  const numbers = codeLayer.shape[0];
  const moved = createMovedCode({ card, t, redraw });
  /** @type {import("../../../lib/explain/code-space.js").Mapped | null} */
  let mapped = null;
  /** @type {import("../../../lib/explain/code-space.js").CodeRanges | null} */
  let ranges = null;
  let begun = false;

  const view = createSpaceView(card, t, {
    numbers,
    onMove: moved.moveTo,
    onNumber(index, value) {
      const from = moved.code ?? moved.own ?? ranges?.middle ?? [];
      moved.moveTo(from.map((each, i) => (i === index ? value : each)));
    },
    onBack: moved.putBack,
  });

  async function load() {
    const atlas = await persist(() => fetchAtlas(card.name), {
      wanted: () => true,
      onTrouble: (error) => moved.say(troubleWords(error, t)),
    });
    if (!atlas) return;
    mapped = mappedOf(atlas);
    moved.say("");
  }

  function learnRanges() {
    const statistics = ranges ? null : usual.of(CODE);
    if (statistics) ranges = codeRanges(statistics, numbers);
  }

  /** @type {(frame: Lab["frame"]) => import("../../../lib/api/types.js").Tensor | null} until the decoder's first picture comes, the network's own */
  function pictureOf(frame) {
    const own = frame?.answer.reconstruction;
    return moved.drawn ?? (own ? { shape: own.shape, values: Float32Array.from(own.values) } : null);
  }

  return {
    element: view.element,
    update(/** @type {Lab} */ lab) {
      if (!begun) load();
      begun = true;
      learnRanges();
      moved.follow(lab);
      part("lab").toggleAttribute("data-moved", moved.code !== null);
      const { code, own, trouble } = moved;
      view.update({ mapped, ranges, own, moved: code, picture: pictureOf(lab.frame), trouble, palette: lab.palette });
    },
    lens(/** @type {Lab} */ lab) {
      moved.follow(lab);
      const { code, drawn } = moved;
      if (!code) return null;
      /** @type {Lens} */
      const lens = new Map([[CODE, { values: Float32Array.from(code), end: lab.endOf(codeLayer, false, 0) }]]);
      if (drawn) lens.set(output.name, { values: drawn.values, end: 1 });
      return lens;
    },
    leave() {
      moved.forget();
      part("lab").removeAttribute("data-moved");
    },
  };
}
