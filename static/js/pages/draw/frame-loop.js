/**
 * Schedules the page's work: each animation frame sends the newest input and draws the newest reply; slow work waits until the pen
 * rests.
 */

const REST_MS = 300; // a pen that has not moved for this long rests

/**
 * @param {object} work
 * @param {() => void} work.send the newest input
 * @param {() => void} work.draw all that is known
 * @param {() => boolean} work.onPause nothing has moved for a while; returns whether the pen rests
 */
export function createFrameLoop({ send, draw, onPause }) {
  const due = { sending: false, drawing: false };
  let frame = 0;
  let rests = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pausing;

  function tick() {
    frame = 0;
    if (due.sending) sendNow();
    if (!due.drawing) return; // the pen has moved, and nothing new has come yet
    due.drawing = false;
    draw();
  }

  function sendNow() {
    due.sending = false;
    send();
  }

  function redraw() {
    due.drawing = true;
    if (!frame) frame = requestAnimationFrame(tick);
  }

  return {
    /** @returns {boolean} whether the pen rests: exact values and explanations are asked for only then */
    get rests() {
      return rests;
    },
    redraw,
    /** Send the input without waiting for a frame. */
    sendNow,
    /** There is a new input: it is sent with the next frame, and nothing rests before its reply. */
    inputChanged() {
      clearTimeout(pausing);
      if (rests) redraw();
      rests = false;
      due.sending = true;
      if (!frame) frame = requestAnimationFrame(tick);
    },
    /** Start waiting for the pen to rest; another call restarts the wait. */
    awaitRest() {
      clearTimeout(pausing);
      pausing = setTimeout(() => {
        if (!onPause()) return;
        rests = true;
        redraw();
      }, REST_MS);
    },
  };
}
