/**
 * A trace as it is shown: threads that lead from the answer back to the ink, and columns whose printed numbers add up.
 */

/**
 * @typedef {import("../screen/grid.js").Spot} Spot
 * @typedef {import("../api/types.js").Address} Address
 * @typedef {import("../api/types.js").TraceExplanation} TraceExplained
 * @typedef {import("../api/types.js").TraceLevel} TraceLevel
 *
 * @typedef {{layer: string, spot: Spot}} Place
 *
 * @typedef {object} Thread one share of a unit, and the unit of the level below that it comes from
 * @property {Place} from nearer to the answer
 * @property {Place} to nearer to the pixels
 * @property {number} value what it adds to the logit
 * @property {number} share its magnitude beside the largest of its step, in 0..1
 * @property {number} step 0 at the answer
 *
 * @typedef {{spot: Spot, activation: number, value: number, printed: number}} Entry
 *
 * @typedef {object} Column one level, whose printed numbers add up to the printed logit
 * @property {string} layer
 * @property {number[]} shape
 * @property {Entry[]} entries the largest, for and against
 * @property {{count: number, printed: number}} rest all other units
 * @property {number} bias what the biases above have added, as it is printed
 */

const MOST_LOOSE = 3; // threads of a unit to units that no thread leads to

/**
 * @param {Address} address
 * @param {number[]} shape of its layer
 * @returns {Spot}
 */
export function spotOf({ unit, row = 0, column = 0, channel = 0 }, shape) {
  if (unit !== undefined) return { index: unit, channel: unit, row: 0, column: 0 };
  const [, columns, channels = 1] = shape;
  return { index: (row * columns + column) * channels + channel, channel, row, column };
}

/** @type {(place: Place) => string} the same for the same value */
export const nameOf = ({ layer, spot }) => `${layer} ${spot.index}`;

/**
 * Every share that the trace names, a step for each pair of levels.
 * @param {TraceExplained} trace
 * @param {string[]} passed layers that have no place of their own; their values stand at the same places in the level below
 * @returns {Thread[][]} from the answer down; of each step the largest magnitude first
 */
export function sharesOf({ levels }, passed = []) {
  const placed = levels.filter(({ layer }) => !passed.includes(layer));
  return placed.slice(0, -1).map(({ layer, shape, units }, step) => {
    const below = placed[step + 1];
    const shares = units
      .flatMap((unit) =>
        unit.sources.map((source) => ({
          from: { layer, spot: spotOf(unit, shape) },
          to: { layer: below.layer, spot: spotOf(source, below.shape) },
          value: source.value,
          step,
        })),
      )
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const most = Math.abs(shares[0]?.value ?? 0) || 1;
    return shares.map((share) => ({ ...share, share: Math.abs(share.value) / most }));
  });
}

/**
 * A few connected threads, each reached from the answer and, where the trace continues, leading further down.
 * @param {Thread[][]} shares
 * @param {number} most threads in a step, unless more units than that are reached
 * @returns {Thread[]} from the answer down
 */
export function threadsOf(shares, most) {
  const reached = new Set(shares[0]?.map(({ from }) => nameOf(from)));
  return shares.flatMap((step, i) => {
    const known = new Set(shares[i + 1]?.map(({ from }) => nameOf(from)));
    const hanging = step.filter(({ from }) => reached.has(nameOf(from)));
    const leading = hanging.filter(({ to }) => known.has(nameOf(to)));
    const kept = chosen(leading.length ? leading : hanging, most);
    reached.clear();
    for (const { to } of kept) reached.add(nameOf(to));
    return kept;
  });
}

/** @type {(threads: Thread[], most: number) => Thread[]} the largest of every unit first, so that none ends midway, then the largest of all */
function chosen(threads, most) {
  /** @type {Set<string>} */
  const units = new Set();
  const first = threads.filter(({ from }) => !units.has(nameOf(from)) && units.add(nameOf(from)));
  const others = threads.filter((each) => !first.includes(each));
  return [...first, ...others.slice(0, Math.max(0, most - first.length))];
}

/**
 * The threads of one unit: its own shares, what it adds to the units above, and from there to the answer and to the ink.
 * @param {Thread[][]} shares
 * @param {Thread[]} drawn
 * @param {Place} place
 * @returns {Thread[]} none where the trace does not name the unit
 */
export function threadsThrough(shares, drawn, place) {
  const name = nameOf(place);
  const reached = new Set(drawn.flatMap(({ from, to }) => [nameOf(from), nameOf(to)]));
  const all = shares.flat();
  const above = all.filter(({ to }) => nameOf(to) === name);
  const known = above.filter(({ from }) => reached.has(nameOf(from)));
  const found = new Set([
    ...(known.length ? known : above.slice(0, MOST_LOOSE)),
    ...all.filter(({ from }) => nameOf(from) === name),
  ]);
  const follow = (/** @type {"from" | "to"} */ end, /** @type {"from" | "to"} */ start) => {
    const seen = new Set([
      name,
      ...[...found].filter((each) => nameOf(each[start]) === name).map((each) => nameOf(each[end])),
    ]);
    const order = end === "to" ? drawn : drawn.toReversed(); // away from the unit, step by step
    for (const each of order) {
      if (!seen.has(nameOf(each[start]))) continue;
      seen.add(nameOf(each[end]));
      found.add(each);
    }
  };
  follow("to", "from");
  follow("from", "to");
  return [...found].sort((a, b) => a.step - b.step);
}

/**
 * Round numbers so that they still add up: each to a neighbour in its last place, those that lose most by it upwards.
 * @param {number[]} values
 * @param {number} total that they add up to, but for an error below the last place
 * @param {number} decimals
 * @returns {number[]} their sum is the rounded total
 */
export function roundedToSum(values, total, decimals) {
  const scale = 10 ** decimals;
  const steps = values.map((value) => Math.floor(value * scale));
  const missing = Math.round(total * scale) - steps.reduce((sum, each) => sum + each, 0);
  const losses = values.map((value, i) => value * scale - steps[i]);
  const order = [...values.keys()].sort((a, b) => losses[b] - losses[a]);
  for (const i of order.slice(0, Math.max(0, missing))) steps[i] += 1;
  return steps.map((each) => (each === 0 ? 0 : each / scale));
}

/**
 * @param {number} logit
 * @returns {number} decimals in which it and what adds up to it are printed: four digits, and no fewer than three decimals
 */
export function decimalsFor(logit) {
  const size = logit === 0 ? 0 : Math.floor(Math.log10(Math.abs(logit)));
  return Math.min(Math.max(3 - size, 3), 6);
}

/**
 * @param {TraceLevel} level
 * @param {number} logit
 * @param {number} most entries; what is left over joins the rest
 * @returns {Column}
 */
export function columnOf({ layer, shape, units, rest, bias, residual }, logit, most) {
  const listed = units.slice(0, most);
  const others = units.slice(most).reduce((sum, { value }) => sum + value, rest.sum + residual); // the network's rounding error is far below the last decimal
  const printed = roundedToSum([...listed.map(({ value }) => value), others, bias], logit, decimalsFor(logit));
  return {
    layer,
    shape,
    entries: listed.map((unit, i) => ({
      spot: spotOf(unit, shape),
      activation: unit.activation,
      value: unit.value,
      printed: printed[i],
    })),
    rest: { count: rest.count + units.length - listed.length, printed: printed[listed.length] },
    bias: printed[listed.length + 1],
  };
}

/**
 * The network as one weighted sum, in figures: what the pixels add, and what the biases of each layer add.
 * @param {TraceExplained} trace
 * @returns {{pixels: number, biases: {layer: string, printed: number}[]}} as they are printed; they add up to the printed logit
 */
export function affineSum({ logit, affine, biases }) {
  const pixels = affine.products.values.reduce((sum, each) => sum + each, affine.residual);
  const [first, ...others] = roundedToSum([pixels, ...biases.map(({ value }) => value)], logit, decimalsFor(logit));
  return { pixels: first, biases: biases.map(({ layer }, i) => ({ layer, printed: others[i] })) };
}

/**
 * @param {number[]} values of pixels, channel by channel
 * @param {number} channel
 * @param {number} channels
 * @returns {number[]} one value a pixel
 */
export function channelValues(values, channel, channels) {
  return values.filter((_, i) => i % channels === channel);
}

/**
 * @param {number[]} values of pixels, channel by channel
 * @param {number} channels
 * @returns {number[]} one sum a pixel
 */
export function sumOfChannels(values, channels) {
  const sums = Array(values.length / channels).fill(0);
  for (const [i, value] of values.entries()) sums[Math.floor(i / channels)] += value;
  return sums;
}
