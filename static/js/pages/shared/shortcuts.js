/**
 * Keys of the drawing page. README lists them; a test compares.
 */

/**
 * @typedef {Record<string, () => void>} Shortcuts an action by its key, such as `ctrl+z` or `e`
 */

/**
 * @param {KeyboardEvent} event
 * @returns {string}
 */
export function keyName(event) {
  const control = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  const shift = event.shiftKey && control ? "shift+" : "";
  return control + shift + event.key.toLowerCase();
}

/** @param {Shortcuts} shortcuts */
export function listenForKeys(shortcuts) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.altKey || target.matches("select, input:not([type=radio], [type=range])"))
      return;
    const action = shortcuts[keyName(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
