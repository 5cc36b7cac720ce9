/**
 * Everything on the page that belongs to one network: its reply, what it sees, its layers, the inspector.
 */

import { STACKED } from "../../lib/screen/stage.js";
import { createSpoken } from "../../views/answer/spoken.js";
import { createPlaces } from "../../views/layers/network-places.js";
import { createOverview } from "../../views/layers/overview.js";
import { createSees } from "../../views/layers/sees.js";
import { createStage } from "../../views/layers/stage.js";
import { part } from "../../views/parts/dom.js";
import { createEnlargedLayer } from "./layers/enlarged-layer.js";
import { createReply } from "./replies/replies.js";
import { createSheets } from "./sheets/sheets.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 * @typedef {import("./types.js").Lab} Lab
 * @typedef {import("../../lib/api/types.js").Frame} Frame
 *
 * @typedef {object} Events
 * @property {() => void} onClose the value that is read is to be let go
 * @property {(label: string) => void} onClass a class of the answer was chosen, by its English name
 * @property {(name: string) => void} onSheet a sheet about the image is to be opened
 */

/**
 * @param {ModelCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {Omit<import("../../views/layers/layer-panel.js").PanelEvents, "onOpen"> & Events} events
 * @param {Omit<import("./types.js").Tools, "card" | "t" | "places" | "pin" | "chooseTarget" | "usual">} tools of the sheets
 */
export function createNetworkViews(card, t, events, tools) {
  const stageHost = part("stage");
  const reply = createReply({ card, t, onClass: events.onClass, onNote: openSheet });
  const sees = createSees(card.input.shape, t, { onSteps: () => openSheet("steps") });
  const summaryHost = /** @type {HTMLTableElement} */ (part("summary"));
  const summary = createOverview(card, t, summaryHost);
  const spoken = createSpoken(part("spoken"), { none: t("reply.none") });
  const maps = card.layers.some(
    (layer) => layer.shape.length === 3 && layer.kind !== "input" && layer.kind !== "normalization",
  );
  const stacked = matchMedia(STACKED);
  const enlarged = createEnlargedLayer(stageHost, () => stage);
  const stage = createStage(stageHost, part("output"), {
    card,
    t,
    sees: maps ? null : sees.element,
    onSeesSize: (side) => placeSees(sees, { stacked: stacked.matches, maps, columns: card.input.shape[1] }, side),
    events: { ...events, onOpen: (layer) => enlarged.toggle(layer.name) },
  });

  const places = createPlaces({ host: part("lab"), card, sees: sees.canvas, bars: part("bars"), rectOf: stage.rectOf });
  const { onPin: pin, onClass: chooseTarget, onClose } = events;
  const sheets = createSheets({ card, t, places, ...tools, pin, chooseTarget, onClose });

  /** @param {string} name */
  function openSheet(name) {
    events.onSheet(name);
    if (stacked.matches) part("inspector").scrollIntoView({ block: "center" });
  }

  stage.fit();

  return {
    /** @param {Lab & {contentOf: (lens: import("./types.js").Lens | null) => import("../../views/layers/stage.js").StageContent["contentOf"]}} content */
    update({ contentOf, ...lab }) {
      const { frame, readings, palette, read, pinned, target } = lab;
      if (sheets.arrange(lab)) stage.fit();
      const lens = sheets.lens(lab);
      reply.update({ frame, target, lens, palette });
      sees.update(frame?.tensors.get("input") ?? null);
      sees.explain(frame?.answer.input.steps ?? []);
      stage.update({ readings, contentOf: contentOf(lens), table: palette.table });
      stage.mark(read, pinned);
      sheets.update(lab);
    },
    /** @type {(frame: Frame | null, readings: Map<string, Reading> | null, before: string[]) => void} for a screen reader, when the pen rests */
    speak(frame, readings, before) {
      summary.update(readings, before);
      if (frame && frame.answer.model !== card.name) return;
      spoken.say(frame && reply.words(frame.answer));
    },
    /** What was spoken is no longer so. */
    hush: spoken.hush,
    /** @type {(layer: LayerCard) => void} where the focus is in the inspector, give it to the layer that was read */
    leaveInspector(layer) {
      if (part("inspector").contains(document.activeElement)) enlarged.focusLayer(layer.name);
    },
    /** @returns {string | null} the sheet of the inspector that is open */
    get sheet() {
      return sheets.open;
    },
    stepBack: enlarged.stepBack,
    destroy() {
      stage.destroy();
      sheets.destroy();
      reply.destroy();
      sees.destroy();
      spoken.hush();
      summaryHost.replaceChildren();
      part("corner").replaceChildren();
      part("beside").replaceChildren();
    },
  };
}

/** @type {(sees: ReturnType<typeof createSees>, form: {stacked: boolean, maps: boolean, columns: number}, side: number) => void} `side`: in CSS pixels, in the stage */
function placeSees(sees, { stacked, maps, columns }, side) {
  if (stacked) part("corner").replaceChildren(sees.canvas);
  else {
    sees.element.insertBefore(sees.canvas, sees.element.lastElementChild);
    if (maps) part("beside").replaceChildren(sees.element);
  }
  sees.element.hidden = stacked;
  sees.setSize(stacked ? 0 : maps ? columns * 4 : side);
}
