const EVERY_MS = 2000;
const MOST_TRIES = 5;

/** Whether the server can be reached; fires `back` when it can be again. */
class Connection extends EventTarget {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Something did not come: asks until the server answers. */
  lost(): void {
    this.#timer ??= setTimeout(() => void this.#ask(), EVERY_MS);
  }

  /** It has answered. */
  back(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.dispatchEvent(new Event("back"));
  }

  async #ask(): Promise<void> {
    const isThere = await fetch("/api/me")
      .then(({ status }) => !isOfProxy(status))
      .catch(() => false);
    if (this.#timer === undefined) return;
    if (isThere) this.back();
    else this.#timer = setTimeout(() => void this.#ask(), EVERY_MS);
  }
}

export const connection = new Connection();

/** What a proxy answers that does not find the server. */
export function isOfProxy(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Loads a part of the page's code; where the server is away, once it is back. */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries < MOST_TRIES; tries++) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    connection.lost();
    await new Promise((resolve) => {
      connection.addEventListener("back", resolve, { once: true });
    });
  }
  return load();
}
