const FIRST_MS = 30_000;
const LONGEST_MS = 30 * 60_000;

/** A message that nobody took for so long is given up with the next try that fails. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/** After so many tries: half a minute, a minute, two ... half an hour. */
export function delayAfter(tries: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
}
