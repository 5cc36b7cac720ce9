/**
 * What outlives a reload, in storage that may be full or forbidden.
 */

/**
 * @param {Storage | undefined} storage
 * @param {string} prefix
 */
export function createStore(storage, prefix) {
  return {
    /**
     * @param {string} key
     * @returns {unknown} what was kept; null where nothing readable was
     */
    read(key) {
      try {
        return JSON.parse(storage?.getItem(prefix + key) ?? "null");
      } catch {
        return null;
      }
    },
    /**
     * @param {string} key
     * @param {unknown} value
     */
    write(key, value) {
      try {
        storage?.setItem(prefix + key, JSON.stringify(value));
      } catch {
        storage?.removeItem(prefix + key); // too large: better nothing than something old
      }
    },
  };
}
