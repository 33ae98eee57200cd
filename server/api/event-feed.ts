import { randomBytes } from "node:crypto";
import type { EventHub, NotebookEvent } from "../runs/events.js";
import type { RunView } from "../runs/run-record.js";

/** An event as it goes over the wire. */
export interface FeedMessage {
  /** Absent in nothing but the first message of a connection, which only says where the client stands. */
  readonly event?: string;
  readonly id: string;
  readonly data: string;
}

export interface FeedLimits {
  /** Events of one notebook that a client may have missed and still gets. */
  readonly replayCount: number;
  readonly replayBytes: number;
  /** Of what waits for one client, beyond what its connection took; the state of the runs that it begins with is extra. */
  readonly queueCount: number;
  readonly queueBytes: number;
  /** Of what a client lets pass without taking the message that it was sent; then it is closed. */
  readonly missedBytes: number;
  readonly clients: number;
  /** Of one person, so that nobody takes those of all. */
  readonly clientsEach: number;
}

const defaultLimits: FeedLimits = {
  replayCount: 1000,
  replayBytes: 2 ** 20,
  queueCount: 500,
  queueBytes: 2 ** 16,
  missedBytes: 2 ** 20,
  clients: 500,
  clientsEach: 50,
};

interface Entry extends FeedMessage {
  readonly seq: number;
  readonly isProgress: boolean;
  /** Entries of the same key replace each other while they wait: only the newest progress counts. */
  readonly key: string | undefined;
}

/**
 * The events of runs and files for those who follow a notebook, or all of them, over SSE. Each event has a number; who comes back with
 * the last one that he saw gets what he missed. Where that is not to be had (the server started again, the client was
 * away or too slow for too long) he gets `resync`, which means: ask for the state anew. Nothing here starts work.
 */
export class EventFeed {
  readonly #activeRuns: () => readonly RunView[];
  readonly #limits: FeedLimits;
  readonly #boot = randomBytes(4).toString("hex");
  /** By notebook; undefined: of all. */
  readonly #rings = new Map<string | undefined, Ring>();
  readonly #clients = new Set<FeedClient>();
  /** By run, as of the newest event: whoever begins there gets the same text. */
  readonly #states = new Map<string, Entry>();
  readonly #unsubscribe: () => void;
  #seq = 0;
  #isClosed = false;

  constructor(events: EventHub, activeRuns: () => readonly RunView[], limits: Partial<FeedLimits> = {}) {
    this.#activeRuns = activeRuns;
    this.#limits = { ...defaultLimits, ...limits };
    this.#unsubscribe = events.subscribe((notebook, event) => {
      this.#publish(notebook, event);
    });
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Of all clients together. */
  get queuedBytes(): number {
    return [...this.#clients].reduce((sum, client) => sum + client.queuedBytes, 0);
  }

  /** The newest event. Taken before something is read, what follows it is all that may have changed since. */
  get position(): string {
    return `${this.#boot}-${String(this.#seq)}`;
  }

  /**
   * Of one notebook, or of all. Undefined when too many listen already, too many of that person, or it is closed. Close the client
   * when its connection ends. Without a person only the limit of all counts.
   */
  open(
    notebook: string | undefined,
    lastEventId: string | undefined,
    person?: string,
  ): FeedClient | undefined {
    if (this.#isClosed || this.#clients.size >= this.#limits.clients) return undefined;
    if (person !== undefined && this.#countOf(person) >= this.#limits.clientsEach) return undefined;
    const client = new FeedClient(notebook, this.#limits, {
      person,
      catchUp: () => [this.#resync(), ...this.#currentState(notebook)],
      onClose: () => this.#clients.delete(client),
      greeting: this.#greeting(notebook, lastEventId),
    });
    this.#clients.add(client);
    return client;
  }

  #countOf(person: string): number {
    return [...this.#clients].filter((client) => client.person === person).length;
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    for (const client of [...this.#clients]) client.close();
  }

  #publish(notebook: string, event: NotebookEvent): void {
    this.#seq++;
    this.#states.clear();
    const entry = this.#toEntry(event);
    for (const followed of [notebook, undefined]) {
      if (entry.isProgress) break;
      const ring = this.#rings.get(followed) ?? new Ring(this.#limits);
      this.#rings.set(followed, ring);
      ring.push(entry);
    }
    for (const client of [...this.#clients])
      if (client.notebook === notebook || client.notebook === undefined) client.push(entry);
  }

  #greeting(notebook: string | undefined, lastEventId: string | undefined): Entry[] {
    if (lastEventId === undefined || lastEventId === "")
      return [this.#position(), ...this.#currentState(notebook)];
    const [boot, seq = ""] = lastEventId.split("-");
    const isOurs = boot === this.#boot && /^\d{1,15}$/.test(seq) && Number(seq) <= this.#seq;
    const ring = this.#rings.get(notebook) ?? new Ring(this.#limits);
    const missed = isOurs ? ring.after(Number(seq)) : undefined;
    return missed ?? [this.#resync(), ...this.#currentState(notebook)];
  }

  /** A running run as it stands: for the client it is as if it had just started. */
  #currentState(notebook: string | undefined): Entry[] {
    return this.#activeRuns()
      .filter((run) => notebook === undefined || run.notebook === notebook)
      .map((run) => {
        const entry = this.#states.get(run.id) ?? this.#toEntry({ type: "run-started", run });
        this.#states.set(run.id, entry);
        return entry;
      });
  }

  /** Without data a browser fires no event, but it keeps the id for when it connects again. */
  #position(): Entry {
    return { seq: this.#seq, id: this.position, data: "", isProgress: false, key: undefined };
  }

  #resync(): Entry {
    return { ...this.#position(), event: "resync", data: '{"type":"resync"}' };
  }

  #toEntry(event: NotebookEvent): Entry {
    const isProgress = event.type === "cell-progress";
    return {
      ...this.#position(),
      event: event.type,
      data: JSON.stringify(event),
      isProgress,
      key: isProgress ? `${event.runId}/${event.cell}` : undefined,
    };
  }
}

/** The newest events of a notebook. */
class Ring {
  readonly #limits: FeedLimits;
  #entries: Entry[] = [];
  #bytes = 0;
  /** Number of the newest event that is no longer here. */
  #dropped = 0;

  constructor(limits: FeedLimits) {
    this.#limits = limits;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.data.length;
    while (this.#entries.length > this.#limits.replayCount || this.#bytes > this.#limits.replayBytes) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#bytes -= oldest.data.length;
      this.#dropped = oldest.seq;
    }
  }

  /** Undefined where some of them are gone. */
  after(seq: number): Entry[] | undefined {
    return seq < this.#dropped ? undefined : this.#entries.filter((entry) => entry.seq > seq);
  }
}

interface ClientOptions {
  readonly person: string | undefined;
  /** What it begins with. */
  readonly greeting: readonly Entry[];
  /** What a client gets that was too slow: a resync and the state. */
  catchUp(): readonly Entry[];
  onClose(): void;
}

/**
 * What waits for one connection; never more than the limits, however slowly it reads. Where more comes, all of it is
 * dropped, and the state is read when the client is ready for it.
 */
export class FeedClient {
  readonly notebook: string | undefined;
  readonly person: string | undefined;
  /** Settles when it is closed. */
  readonly closed: Promise<void>;
  readonly #limits: FeedLimits;
  readonly #options: ClientOptions;
  #state: Entry[];
  #queue: Entry[] = [];
  #bytes = 0;
  #mustCatchUp = false;
  #isSending = false;
  #missedBytes = 0;
  #wake: (() => void) | undefined;
  #isClosed = false;
  #tellClosed: () => void = () => undefined;

  constructor(notebook: string | undefined, limits: FeedLimits, options: ClientOptions) {
    this.notebook = notebook;
    this.person = options.person;
    this.#limits = limits;
    this.#options = options;
    this.#state = [...options.greeting];
    this.closed = new Promise((resolve) => (this.#tellClosed = resolve));
  }

  get queuedCount(): number {
    return this.#state.length + this.#queue.length;
  }

  get queuedBytes(): number {
    return this.#bytes;
  }

  push(entry: Entry): void {
    if (this.#isClosed) return;
    if (this.#isSending) this.#missedBytes += entry.data.length;
    if (this.#missedBytes > this.#limits.missedBytes) {
      this.close();
      return;
    }
    if (!this.#mustCatchUp && !this.#replaceProgress(entry)) {
      this.#queue.push(entry);
      this.#bytes += entry.data.length;
    }
    if (this.#queue.length > this.#limits.queueCount || this.#bytes > this.#limits.queueBytes) {
      this.#mustCatchUp = true;
      this.#state = [];
      this.#queue = [];
      this.#bytes = 0;
    }
    this.#wake?.();
  }

  /**
   * To be called when the message before was taken. `"idle"` where nothing came within that time, undefined once the
   * client is closed.
   */
  async next(waitMs: number): Promise<FeedMessage | "idle" | undefined> {
    this.#isSending = false;
    this.#missedBytes = 0;
    if (this.queuedCount === 0 && !this.#mustCatchUp && !this.#isClosed) await this.#wait(waitMs);
    if (this.#isClosed) return undefined;
    if (this.#mustCatchUp) this.#state = [...this.#options.catchUp()];
    this.#mustCatchUp = false;
    this.#isSending = true;
    const state = this.#state.shift();
    if (state !== undefined) return state;
    const entry = this.#queue.shift();
    if (entry === undefined) return "idle";
    this.#bytes -= entry.data.length;
    return entry;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#state = [];
    this.#queue = [];
    this.#bytes = 0;
    this.#options.onClose();
    this.#tellClosed();
    this.#wake?.();
  }

  #replaceProgress(entry: Entry): boolean {
    if (entry.key === undefined) return false;
    const at = this.#queue.findIndex((waiting) => waiting.key === entry.key);
    const old = this.#queue[at];
    if (old === undefined) return false;
    // In the old one's place under its number: numbers never go back.
    this.#queue[at] = { ...entry, seq: old.seq, id: old.id };
    this.#bytes += entry.data.length - old.data.length;
    return true;
  }

  #wait(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#wake = done;
    });
  }
}
