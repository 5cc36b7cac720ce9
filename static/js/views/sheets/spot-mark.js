/**
 * An outline around the place on the page that a sheet describes.
 */

import { element } from "../parts/dom.js";

/** @param {HTMLElement} host */
export function createSpotMark(host) {
  const mark = host.appendChild(element("div", { class: "spot-mark", "aria-hidden": "true" }));
  mark.hidden = true;
  const listening = new AbortController();
  addEventListener("scroll", () => (mark.hidden = true), { capture: true, passive: true, signal: listening.signal }); // it would stay behind
  return {
    /** @param {DOMRect | null} box in the window; null takes the mark away */
    show(box) {
      mark.hidden = !box;
      if (!box) return;
      const { style } = mark;
      [style.insetInlineStart, style.insetBlockStart] = [`${box.x}px`, `${box.y}px`];
      [style.inlineSize, style.blockSize] = [`${box.width}px`, `${box.height}px`];
    },
    destroy() {
      listening.abort();
      mark.remove();
    },
  };
}
