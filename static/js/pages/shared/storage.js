/**
 * Data that is kept over a reload, in storage that may be full or forbidden.
 */

/**
 * @param {() => Storage} storage a browser that forbids storage throws where it is only named
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
        return JSON.parse(storage().getItem(prefix + key) ?? "null");
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
        storage().removeItem(prefix + key); // if the value is too large, the old one is removed, too
        storage().setItem(prefix + key, JSON.stringify(value));
      } catch {
        // The page works without; it only forgets.
      }
    },
  };
}
