/**
 * The types that the drawing page's modules share: what its sheets and its reply are given, and what they must offer. Types only.
 *
 * @typedef {import("../../lib/api/types.js").Answer} Answer
 * @typedef {import("../../lib/api/types.js").Frame} Frame
 * @typedef {import("../../lib/api/types.js").LayerAnswer} LayerAnswer
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../lib/network/switched.js").Off} Off
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {import("../../views/layers/network-places.js").Places} Places
 * @typedef {import("../../views/parts/palette.js").Palette} Palette
 * @typedef {import("../../views/sheets/unit-card.js").Subject} Subject
 * @typedef {import("./asking/conversation.js").Question} Question
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Lab what a sheet gets at every update
 * @property {Frame | null} frame the newest answer
 * @property {Question | null} question that `frame` answers; a new object for each input
 * @property {boolean} rests whether the pen rests; explanations are requested only then
 * @property {Map<string, Reading> | null} readings every layer of `frame`
 * @property {Subject | null} read the value under the pointer, or else the pinned one
 * @property {Subject | null} pinned
 * @property {LayerAnswer | null} exact the layer of `read` at full precision
 * @property {string | null} target the class that is explained, by its English name; null means the network's answer
 * @property {State} state
 * @property {Off} off units and maps that are switched off
 * @property {string[]} skipped steps of the preprocessing that are left out
 * @property {(layer: LayerCard, isBefore: boolean, channel: number) => number} endOf where the colour scale ends
 * @property {Palette} palette
 *
 * @typedef {Map<string, {values: Float32Array, end: number}>} Lens values that the layers show instead of their own, by layer name
 *
 * @typedef {object} Tools what a sheet is made with
 * @property {ModelCard} card
 * @property {Texts} t
 * @property {Places} places where things stand on the page
 * @property {() => void} redraw
 * @property {ModelSummary[]} models all networks that can be chosen
 * @property {ReturnType<typeof import("./asking/slot.js").createSlot>} slot what is compared with
 * @property {Pick<ReturnType<typeof import("../../views/pad/pad.js").createPad>, "strokes" | "preview" | "pictureOf">} pad
 * @property {() => void} showPair draw one barred 7 that two networks read differently, and compare the two
 * @property {() => Promise<string | null>} makeLink an address that holds the drawing; null for a picture
 * @property {(next: Partial<State>, asks?: boolean) => void} change
 * @property {(layer: LayerCard, spot: Spot) => void} pin
 * @property {(image: import("../../lib/api/types.js").GalleryEntry) => void} showTestImage use it as the picture
 * @property {ReturnType<typeof import("./asking/usual.js").createUsual>} usual statistics of each layer over the test set
 * @property {(label: string) => void} chooseTarget explain this class, by its English name; a second call goes back to the answer
 * @property {(off: Off) => void} onSwitch switch off exactly these units and maps
 * @property {(steps: string[]) => void} onSkip leave out exactly these steps of the preprocessing
 *
 * @typedef {object} Sheet
 * @property {HTMLElement} element
 * @property {(lab: Lab) => void} update
 * @property {(lab: Lab) => Lens | null} [lens]
 * @property {(lab: Lab) => {title: string, facts: string[]}} [heading] instead of the inspector's own title
 * @property {string} [lensName] what the layers show through the lens
 * @property {() => void} [leave] another sheet opens: remove everything that this one put on the page
 * @property {() => void} [destroy] another network is chosen
 *
 * @typedef {object} SheetKind
 * @property {string} name its tab is the text `sheet.<name>`
 * @property {"image" | "unit"} about
 * @property {(card: ModelCard, pinned: Subject | null) => boolean} fits
 * @property {boolean} [whole] whether it always explains the whole network, even while units are switched off
 * @property {(tools: Tools) => Sheet} create
 *
 * @typedef {object} Replied what the reply shows
 * @property {Frame | null} frame the newest answer
 * @property {string | null} target the class that is explained, by its English name
 * @property {Lens | null} lens
 * @property {Palette} palette
 *
 * @typedef {object} Reply
 * @property {(shown: Replied) => void} update
 * @property {(answer: Answer) => string} words for a screen reader
 * @property {() => void} destroy
 *
 * @typedef {object} ReplyParts
 * @property {ModelCard} card
 * @property {Texts} t
 * @property {(label: string) => void} onClass a class of the answer was chosen, by its English name
 * @property {(sheet: string) => void} onNote the note beside the answer was chosen: open this sheet
 */

export {};
