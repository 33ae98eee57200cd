const SLICE_MS = 10;

let startedAt = -Infinity;
let nextTurn: Promise<void> | undefined;

/**
 * Call it between the steps of long work: where the event loop has been held for some 10 ms, it turns once, so that
 * requests are answered meanwhile. All who call it share one slice, and who came first goes on first.
 */
export async function giveWay(): Promise<void> {
  while (performance.now() - startedAt > SLICE_MS) {
    nextTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        nextTurn = undefined;
        startedAt = performance.now();
        resolve();
      });
    });
    await nextTurn;
  }
}
