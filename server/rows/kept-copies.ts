import type { Lease, Leases } from "../lake/leases.js";

interface Copy {
  /** Of its own. */
  readonly folder: string;
  readonly bytes: number;
}

export interface KeptCopiesOptions {
  readonly leases: Leases;
  /** For all together. */
  readonly maxBytes: number;
  /** Default: as many as there is room for. */
  readonly maxCopies?: number;
  readonly onRemove?: (key: string) => void;
}

/**
 * Folders with rows that can be made again, by the text of what they are of: least recently used out first. One that
 * somebody reads stays until then.
 */
export class KeptCopies<T extends Copy> {
  readonly #copies = new Map<string, T>();
  readonly #options: KeptCopiesOptions;

  constructor(options: KeptCopiesOptions) {
    this.#options = options;
  }

  has(key: string): boolean {
    return this.#copies.has(key);
  }

  [Symbol.iterator](): Iterator<[key: string, copy: T]> {
    return this.#copies[Symbol.iterator]();
  }

  /** Release its lease. */
  find(key: string): (T & { readonly lease: Lease }) | undefined {
    const copy = this.#copies.get(key);
    if (copy === undefined) return undefined;
    this.#copies.delete(key);
    this.#copies.set(key, copy);
    return { ...copy, lease: this.#options.leases.open(copy.folder) };
  }

  add(key: string, copy: T): void {
    this.#copies.set(key, copy);
    const { maxCopies = Infinity } = this.#options;
    let total = 0;
    for (const { bytes } of this.#copies.values()) total += bytes;
    for (const [oldest, { bytes }] of this.#copies) {
      if (total <= this.#options.maxBytes && this.#copies.size <= maxCopies) return;
      this.remove(oldest);
      total -= bytes;
    }
  }

  remove(key: string): void {
    const copy = this.#copies.get(key);
    this.#copies.delete(key);
    this.#options.onRemove?.(key);
    if (copy !== undefined) this.removeFolder(copy.folder);
  }

  /** What cannot be removed goes when the lake is opened the next time. */
  removeFolder(folder: string): void {
    this.#options.leases.remove(folder).catch(() => undefined);
  }
}
