/**
 * Texts of one language. A key that ends in a plural form (`.one`, `.few`, `.many`, `.other`) is chosen by `count`.
 */

/**
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate a text by its key, `{name}` filled in
 * @typedef {"en" | "pl"} Language
 * @typedef {Translate & {has: (key: string) => boolean, language: Language}} Texts
 */

/**
 * @param {Record<string, string>} dictionary
 * @param {Language} language
 * @returns {Texts}
 */
export function createTexts(dictionary, language) {
  const plural = new Intl.PluralRules(language);
  /** @type {Translate} */
  const translate = (key, values = {}) => {
    const form = typeof values.count === "number" ? dictionary[`${key}.${plural.select(values.count)}`] : undefined;
    const text = form ?? dictionary[key] ?? dictionary[`${key}.other`];
    if (text === undefined) throw new RangeError(`no text for ${key} in ${language}`);
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
  return Object.assign(translate, { has: (/** @type {string} */ key) => key in dictionary, language });
}
