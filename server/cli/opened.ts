/** What was opened so far. An engine that nobody closes would keep its workers, and they this process. */
export class Opened {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  adopt<T extends { close(): Promise<void> }>(part: T): T {
    this.add(() => part.close());
    return part;
  }

  /** The last one first. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async orClose<T>(open: () => Promise<T>): Promise<T> {
    try {
      return await open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
