/**
 * An autoencoder's reply: the reconstruction, its error, and the code.
 */

import { CODE } from "../../../lib/network/networks.js";
import { difference } from "../../../lib/network/pairs.js";
import { formatValue } from "../../../lib/screen/format.js";
import { createRedrawn } from "../../../views/answer/redrawn.js";
import { part } from "../../../views/parts/dom.js";

const SPOKEN_NUMBERS = 2; // a longer code is of no use when read aloud

/**
 * @param {import("../types.js").ReplyParts} parts
 * @returns {import("../types.js").Reply}
 */
export function createReconstructionReply({ card, t }) {
  const places = ["answer", "bars"].map(part);
  const host = part("redrawn");
  const code = card.layers.find(({ name }) => name === CODE);
  const output = card.layers.at(-1)?.name ?? "";
  const redrawn = createRedrawn(host, {
    t,
    shape: card.input.shape,
    numbers: code?.shape[0] ?? 0,
    codeEnd: code?.scale?.activation ?? 1,
    usualError: card.loss,
  });
  showInstead(true);

  /** @param {boolean} redrawnShown */
  function showInstead(redrawnShown) {
    host.hidden = !redrawnShown;
    for (const each of places) each.hidden = redrawnShown;
  }

  return {
    update({ frame, lens, palette }) {
      const moved = lens?.get(CODE)?.values;
      const drawn = lens?.get(output)?.values;
      const own = frame?.answer.reconstruction;
      const again = own ? { shape: own.shape, values: Float32Array.from(own.values) } : null;
      const input = frame?.tensors.get("input");
      redrawn.update({
        picture: drawn ? { shape: card.input.shape, values: drawn } : again,
        change: !moved && again && input ? difference(input, again) : null,
        error: moved ? null : (frame?.answer.error ?? null),
        code: moved ?? frame?.answer.code ?? null,
        moved: moved !== undefined,
        palette,
      });
    },
    words({ error = 0, code: numbers = [] }) {
      const said = t("reply.redrawn.spoken", { error: formatValue(error, t.language, 3) });
      if (numbers.length > SPOKEN_NUMBERS) return said;
      return `${said}. ${t("reply.code.spoken", { code: numbers.map((each) => formatValue(each, t.language)).join("; ") })}`;
    },
    destroy() {
      showInstead(false);
      redrawn.destroy();
    },
  };
}
