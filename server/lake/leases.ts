import { removeTree } from "./tree.js";

/**
 * Who reads which folder. Stored rows never change; what goes is removed through here, so that it stays until its last
 * reader is done. For one process: holding and the decision that something goes never wait for each other, so whoever
 * names a folder that is there has to hold it before the next `await`.
 */
export class Leases {
  readonly #readers = new Map<string, number>();
  readonly #going = new Set<string>();
  readonly #removals = new Set<Promise<void>>();

  /** Nothing is held by it at first. */
  open(...folders: readonly string[]): Lease {
    return new Lease(
      {
        acquire: (folder) => {
          this.#readers.set(folder, (this.#readers.get(folder) ?? 0) + 1);
        },
        giveBack: (folder) => {
          this.#giveBack(folder);
        },
      },
      folders,
    );
  }

  isHeld(folder: string): boolean {
    return this.#readers.has(folder);
  }

  /** Removes the folder once nobody holds it: before this resolves, or when the last lease is released. */
  async remove(folder: string): Promise<void> {
    if (this.isHeld(folder)) this.#going.add(folder);
    else await removeTree(folder);
  }

  /** Waits for what is being removed. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #giveBack(folder: string): void {
    const readers = (this.#readers.get(folder) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(folder, readers);
      return;
    }
    this.#readers.delete(folder);
    if (!this.#going.delete(folder)) return;
    // What cannot be removed goes when the lake is opened the next time.
    const removal = removeTree(folder).catch(() => undefined);
    this.#removals.add(removal);
    void removal.then(() => this.#removals.delete(removal));
  }
}

interface Owner {
  acquire(folder: string): void;
  giveBack(folder: string): void;
}

/** Keeps folders for one reader until it is released; `share` gives another reader a lease of its own. */
export class Lease {
  readonly #owner: Owner;
  readonly #folders = new Set<string>();
  #isReleased = false;

  constructor(owner: Owner, folders: Iterable<string>) {
    this.#owner = owner;
    for (const folder of folders) this.hold(folder);
  }

  /** Absolute path; further calls for the same one change nothing. */
  hold(folder: string): void {
    if (this.#isReleased) throw new Error(`"${folder}" cannot be held by a lease that was released`);
    if (this.#folders.has(folder)) return;
    this.#folders.add(folder);
    this.#owner.acquire(folder);
  }

  holds(folder: string): boolean {
    return this.#folders.has(folder);
  }

  share(): Lease {
    if (this.#isReleased) throw new Error("A lease that was released cannot be shared");
    return new Lease(this.#owner, this.#folders);
  }

  /** Holds what the other one does, and releases that. */
  take(other: Lease): void {
    for (const folder of other.#folders) this.hold(folder);
    other.release();
  }

  /** A second time it does nothing. */
  release(): void {
    this.#isReleased = true;
    const folders = [...this.#folders];
    this.#folders.clear();
    for (const folder of folders) this.#owner.giveBack(folder);
  }
}

/** For a reader: the lease is released whatever comes of it. */
export async function whileLeased<T>(lease: Lease, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    lease.release();
  }
}
