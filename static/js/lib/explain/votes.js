/**
 * How thinned networks vote: each for the class that it finds most probable.
 */

/**
 * @param {ArrayLike<number>} probabilities of one network after the other, in class order
 * @param {number} classes how many there are
 * @returns {number[][]} by class, the probability that each of its voters gives it, the surest first
 */
export function tokensByClass(probabilities, classes) {
  /** @type {number[][]} */
  const tokens = Array.from({ length: classes }, () => []);
  for (let first = 0; first < probabilities.length; first += classes) {
    let choice = 0;
    for (let i = 1; i < classes; i++) if (probabilities[first + i] > probabilities[first + choice]) choice = i;
    tokens[choice].push(probabilities[first + choice]);
  }
  return tokens.map((sureness) => sureness.sort((a, b) => b - a));
}
