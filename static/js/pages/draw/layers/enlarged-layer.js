/**
 * Which layer has the whole stage, and where the focus goes when it comes and goes.
 */

/** @typedef {ReturnType<typeof import("../../../views/layers/stage.js").createStage>} Stage */

/**
 * @param {HTMLElement} host of the stage
 * @param {() => Stage} stage
 */
export function createEnlargedLayer(host, stage) {
  /** @type {string | null} */
  let enlarged = null;
  /** @type {Element | null} what had the focus when a layer was enlarged */
  let opener = null;

  /** @param {string | null} name */
  function enlarge(name) {
    const last = enlarged;
    if (!last) opener = document.activeElement;
    enlarged = name;
    stage().enlarge(name);
    if (name) stage().focus(name);
    else if (last && !(opener && host.contains(opener) && takesFocus(opener))) focusLayer(last);
  }

  /** @param {string} name of the layer whose picture takes the focus, or whose line where it has no picture now */
  function focusLayer(name) {
    stage().focus(name);
    if (document.activeElement?.closest("[data-layer]")?.getAttribute("data-layer") === name) return;
    takesFocus(host.querySelector(`.rule[data-layer="${CSS.escape(name)}"]`));
  }

  return {
    /** @param {string} name once more, and the stage is given back */
    toggle: (name) => enlarge(enlarged === name ? null : name),
    focusLayer,
    /** @returns {boolean} whether a layer was enlarged */
    stepBack() {
      if (!enlarged) return false;
      enlarge(null);
      return true;
    },
  };
}

/**
 * @param {Element | null} wanted
 * @returns {boolean} whether it has the focus now: what is hidden or gone takes none
 */
function takesFocus(wanted) {
  if (wanted instanceof HTMLElement) wanted.focus();
  return wanted !== null && wanted === document.activeElement;
}
