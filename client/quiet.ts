/*
 * When the page has what it shows. Code and names that are only needed once somebody types wait for that, so that they
 * do not take the processor and the line from the rows that a reader waits for.
 */
const LONGEST_WAIT_MS = 3000;

let underWay = 0;
const waiting: (() => void)[] = [];

/** Counts a request to the server until it is settled. */
export async function noteRequest<T>(request: Promise<T>): Promise<T> {
  underWay++;
  try {
    return await request;
  } finally {
    underWay--;
    if (underWay === 0) for (const wake of waiting.splice(0)) wake();
  }
}

/** Settles once all answers are there and shown, and showing them asked for nothing more; at the latest after a while. */
export async function whenQuiet(): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  const late = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  do {
    if (underWay > 0) await Promise.race([late, new Promise<void>((resolve) => waiting.push(resolve))]);
    // What came is drawn in the one, and what that brings near is asked for in the other.
    await Promise.race([late, nextFrame()]);
    await Promise.race([late, nextFrame()]);
  } while (underWay > 0 && performance.now() < end);
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
