/**
 * Where the window of a sheet is, and which input map it shows: at the pinned value, or where the pointer or the animation moved it.
 */

import { strongestMap } from "../../../lib/explain/sliding.js";
import { nextPlace } from "../../../lib/network/window.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../../lib/explain/sliding.js").Place} Place
 * @typedef {import("../../../views/sheets/unit-card.js").Subject} Subject
 */

const STEP_MS = 90;

/** @param {() => void} redraw */
export function createWindowPosition(redraw) {
  /** @type {Place | null} null at the pinned value */
  let moved = null;
  let channel = 0;
  let map = ""; // that the window makes, by layer and number
  let waiting = false; // for the products: the input map that adds most is shown first
  /** @type {Lab["read"]} */
  let read = null;
  /** @type {Subject | null} */
  let pinned = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let playing;

  function advance() {
    if (!pinned) return pause();
    const { shape } = pinned.layer;
    moved = nextPlace(moved ?? { row: -1, column: shape[1] - 1 }, shape);
    redraw();
  }

  function pause() {
    clearInterval(playing);
    playing = undefined;
    redraw();
  }

  /** @type {(subject: Subject) => void} another map: its window starts at the pinned value */
  function startOver({ layer, spot }) {
    const now = `${layer.name}/${spot.channel}`;
    if (map === now) return;
    channel = layer.kind === "pooling" ? spot.channel : 0; // a pooling looks at the map of its own number
    [map, moved, waiting] = [now, null, true];
  }

  return {
    /** @returns {Place | null} null at the pinned value */
    get moved() {
      return moved;
    },
    get channel() {
      return channel;
    },
    get isPlaying() {
      return playing !== undefined;
    },
    /** @type {(subject: Subject, pointed: Lab["read"], explained: UnitExplained | null) => void} `explained`: only of the pinned value itself */
    follow(subject, pointed, explained) {
      pinned = subject;
      startOver(subject);
      if (waiting && explained?.products) {
        channel = strongestMap(explained.products);
        waiting = false;
      }
      if (pointed !== read) {
        read = pointed;
        if (read && read.layer === subject.layer && read !== subject && !playing) moved = read.spot;
      }
      if (moved && moved.row === subject.spot.row && moved.column === subject.spot.column) moved = null;
    },
    /** @param {Place} place */
    moveTo(place) {
      moved = place;
      redraw();
    },
    /** Go back to the pinned value, whose sum is exact. */
    back() {
      if (playing) return;
      moved = null;
      redraw();
    },
    /** @type {(step: number, channels: number) => void} */
    stepChannel(step, channels) {
      channel = (channel + step + channels) % channels;
      redraw();
    },
    toggle() {
      if (playing) return pause();
      playing = setInterval(advance, STEP_MS);
      redraw();
    },
    pause,
    forgetMove() {
      moved = null;
    },
  };
}
