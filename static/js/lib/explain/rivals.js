/**
 * The class that another class is compared with.
 */

/**
 * @param {number[]} logits in class order
 * @param {number} target index of the class that is explained
 * @returns {number} the index of the largest other logit; -1 where there is none
 */
export function runnerUp(logits, target) {
  let [best, most] = [-1, -Infinity];
  for (const [i, logit] of logits.entries()) if (i !== target && logit > most) [best, most] = [i, logit];
  return best;
}
