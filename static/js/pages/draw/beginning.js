/**
 * What the page needs before it can begin: its texts, the networks that it shows, the examples. A lost server is waited for.
 */

import { fetchExamples, fetchModels, fetchTexts } from "../../lib/api/api.js";
import { persist } from "../../lib/api/retry.js";
import { offered } from "../../lib/network/networks.js";
import { createTexts } from "../../lib/screen/i18n.js";
import { createNotice } from "../shared/notice.js";

/** Everything, as soon as the server has given it. */
export async function fetchBeginning() {
  const notice = createNotice();
  const { dataset } = document.documentElement;
  const language = /** @type {import("../../lib/screen/i18n.js").Language} */ (document.documentElement.lang);

  /** @type {<Answer>(ask: () => Promise<Answer>) => Promise<Answer>} */
  const insist = async (ask) => {
    const options = {
      wanted: () => true,
      passes: () => true,
      onTrouble: () => notice.say("beginning", dataset.lost ?? ""), // the texts may be what is missing
    };
    return /** @type {Awaited<ReturnType<typeof ask>>} */ (await persist(ask, options));
  };

  const [dictionary, { default: defaultModel, models }, examples] = await Promise.all([
    insist(() => fetchTexts(language)),
    insist(fetchModels),
    insist(fetchExamples),
  ]);
  notice.clear();
  return { t: createTexts(dictionary, language), defaultModel, models: offered(models), examples };
}
