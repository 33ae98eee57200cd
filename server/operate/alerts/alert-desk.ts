import { messageOf as textOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import type { AlertKind, Alerts } from "../../notebook/alerts.js";
import type { EventHub } from "../../runs/events.js";
import type { CheckRecord, RunView } from "../../runs/run-record.js";
import type { RunStore } from "../../runs/run-store.js";
import type { Clock } from "../clock.js";
import type { AlertEvent, AlertRows } from "./alert-event.js";
import { bodyOf, messageOf } from "./alert-message.js";
import { AlertState } from "./alert-state.js";
import { boundLine } from "./bound-text.js";
import { SendError, type Send } from "./delivery.js";
import { Outbox, type OutboxMessage } from "./outbox.js";
import { recipientsOf, type Recipient } from "./recipients.js";
import { alertsOfRun, boundError } from "./run-alerts.js";
import { tryRecipients, type Tried } from "./try-recipients.js";

export interface AlertDeskOptions {
  /** `.lakebook/outbox`. */
  readonly folder: string;
  readonly store: RunStore;
  readonly events: EventHub;
  /** Whom the workspace names now. */
  readonly workspaceAlerts: () => Promise<Alerts | undefined>;
  /** Whom a notebook names now; undefined too where it cannot be read. */
  readonly alertsOf: (notebook: string) => Promise<Alerts | undefined>;
  readonly rowsOf: (check: CheckRecord) => Promise<AlertRows | undefined>;
  readonly send: Send;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Something that no run tells. */
export interface Incident {
  /** `failed`: a run that was due could not even begin. */
  readonly kind: "failed" | "deadline" | "missed";
  readonly notebook: string;
  /** The run date. */
  readonly date: string;
  /** The run that is late. */
  readonly run?: string | undefined;
  readonly error?:
    { readonly code: string; readonly message: string; readonly hint?: string | undefined } | undefined;
  /** Tells this incident from others of its kind, notebook and run date, e.g. the time when it was due; default: there is only one. */
  readonly occasion?: string | undefined;
}

const SENT_AT_ONCE = 4;
/** The clock may be set meanwhile. */
const LONGEST_WAIT_MS = 60_000;
const SCATTERED = 200;

/**
 * Looks at each run that has ended, puts what people are to be told into the outbox, and sends it. One for each process
 * that holds the lake.
 */
export class AlertDesk {
  readonly #options: AlertDeskOptions;
  readonly #outbox: Outbox;
  readonly #state: AlertState;
  readonly #unsubscribe: () => void;
  readonly #stopped = new AbortController();
  #base: string | undefined;
  readonly #unseen: RunView[] = [];
  /** Runs are looked at one after the other, since what is open decides what is told. */
  #looking: Promise<void> = Promise.resolve();
  #sending: Promise<void> | undefined;
  #wake = new AbortController();

  private constructor(options: AlertDeskOptions, outbox: Outbox, state: AlertState) {
    this.#options = options;
    this.#outbox = outbox;
    this.#state = state;
    this.#unsubscribe = options.events.subscribe((_notebook, event) => {
      if (event.type === "run-finished") this.#lookAt(event.run);
    });
  }

  /** Call when no run is at work, and those that a killed process left are marked as interrupted. */
  static async open(options: AlertDeskOptions): Promise<AlertDesk> {
    const { folder, logger, store } = options;
    const summaries = await store.summaries();
    const newest = Math.max(0, ...summaries.map(({ last }) => last));
    const state = await AlertState.open(folder, newest);
    const desk = new AlertDesk(options, await Outbox.open(folder, logger), state);
    const missed = summaries.filter((run) => run.mode === "materialize" && !state.isSeen(run.last));
    for (const { id } of missed.sort((a, b) => a.last - b.last)) {
      const record = await store.find(id);
      if (record !== undefined) desk.#lookAt(record);
    }
    return desk;
  }

  /** Sends from now on, until it is closed. `base`: the address for links. */
  start(base: string | undefined): void {
    this.#base = base;
    this.#outbox.hurry(this.#options.clock.now());
    this.#sending ??= this.#sendAll();
  }

  /** The event is on disk when it resolves. */
  async report(incident: Incident): Promise<void> {
    await this.#inTurn(async () => {
      const { notebook, date } = incident;
      await this.#queue(eventOf(incident, this.#now()), () => Promise.resolve(undefined));
      await this.#state.note({ notebook, date }, {});
    });
  }

  /** One message to each, at once; nothing of it is kept. */
  try(recipients: readonly Recipient[]): Promise<Tried[]> {
    const how = { base: this.#base, signal: this.#stopped.signal };
    return tryRecipients(recipients, this.#options.send, how);
  }

  /**
   * For a command at its end: tries what is due, but for no longer than this. Returns how many messages still wait;
   * nothing is sent afterwards.
   */
  async settle(base: string | undefined, longestMs: number): Promise<number> {
    await this.#looking;
    this.#base = base;
    if (this.#outbox.due(this.#options.clock.now()).length > 0) {
      void this.#options.clock.wait(longestMs, this.#stopped.signal).then(() => {
        this.#stopped.abort();
      });
      await this.#sendDue();
      this.#stopped.abort();
    }
    return this.#outbox.waiting;
  }

  /** What is being sent is broken off, and sent again by the next process. */
  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#looking;
    this.#stopped.abort();
    this.#wake.abort();
    await this.#sending;
  }

  #lookAt(run: RunView): void {
    this.#unseen.push(run);
    this.#inTurn(() => this.#lookAtAll()).catch((error: unknown) => {
      this.#options.logger.error("alerts cannot be written", { error });
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#looking.then(work);
    this.#looking = done.catch(() => undefined);
    return done;
  }

  /** One that cannot be written now, on a full disk say, is tried again with the next, or in a minute. */
  async #lookAtAll(): Promise<void> {
    for (let run = this.#unseen[0]; run !== undefined; run = this.#unseen[0]) {
      await this.#look(run);
      this.#unseen.shift();
    }
    if (this.#state.scattered > SCATTERED) await this.#gather();
  }

  /** The messages first: after a kill in between the run is looked at again, and the same messages are there already. */
  async #look(run: RunView): Promise<void> {
    const problem = this.#state.problem(run.notebook, run.date);
    const told = alertsOfRun(run, problem, this.#now());
    for (const event of told.events)
      await this.#queue(event, (name) => this.#rowsOf(run.checks.find((check) => check.name === name)));
    if (run.mode !== "materialize") return;
    await this.#state.note(run, told.problem, run.attempts.at(-1)?.sequence);
  }

  /** Marks that are far behind all that is at work become one. */
  async #gather(): Promise<void> {
    const summaries = await this.#options.store.summaries();
    const ended = summaries.flatMap(({ isRunning, last }) => (isRunning ? [] : [last])).sort((a, b) => b - a);
    const running = summaries.flatMap(({ isRunning, last }) => (isRunning ? [last] : []));
    // A run that begins has a sequence before the store shows it, but not for so many others that ended meanwhile.
    await this.#state.seenThrough(Math.min(ended[SCATTERED / 2] ?? 0, ...running.map((last) => last - 1)));
  }

  async #queue(event: AlertEvent, rowsOf: (check: string) => Promise<AlertRows | undefined>): Promise<void> {
    const { workspaceAlerts, alertsOf, clock } = this.#options;
    const named = { workspace: await workspaceAlerts(), notebook: await alertsOf(event.notebook) };
    const recipients = recipientsOf(named, event.kinds);
    if (recipients.length === 0) return;
    const checks: AlertEvent["checks"] = [];
    for (const [index, check] of event.checks.entries()) {
      const rows = index < CHECKS_WITH_ROWS ? await rowsOf(check.name) : undefined;
      checks.push(rows === undefined ? check : { ...check, rows });
    }
    for (const recipient of recipients) await this.#outbox.put({ ...event, checks }, recipient, clock.now());
    this.#wake.abort();
  }

  #rowsOf(check: CheckRecord | undefined): Promise<AlertRows | undefined> {
    return check === undefined ? Promise.resolve(undefined) : this.#options.rowsOf(check);
  }

  async #sendAll(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#hasStopped()) {
      this.#wake = new AbortController();
      try {
        if (this.#unseen.length > 0) await this.#inTurn(() => this.#lookAtAll());
        await this.#sendDue();
      } catch (error) {
        // What was sent but could not be marked is sent again.
        logger.error("alerts cannot be written", { error });
        await clock.wait(LONGEST_WAIT_MS, this.#stopped.signal);
        continue;
      }
      const next = this.#outbox.nextAt();
      const wait = next === undefined ? Infinity : Math.min(LONGEST_WAIT_MS, next - clock.now());
      if (!this.#hasStopped()) await clock.wait(wait, this.#wake.signal);
    }
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      const due = this.#hasStopped() ? [] : this.#outbox.due(this.#options.clock.now());
      if (due.length === 0) return;
      await mapConcurrently(due, SENT_AT_ONCE, (message) => this.#sendOne(message));
    }
  }

  async #sendOne(message: OutboxMessage): Promise<void> {
    const { send, clock } = this.#options;
    if (this.#hasStopped()) return;
    const { id, recipient, event } = message;
    const linked = { event, base: this.#base };
    try {
      await send(
        { id, recipient, message: messageOf(linked), body: bodyOf(id, linked) },
        this.#stopped.signal,
      );
    } catch (error) {
      if (this.#hasStopped()) return;
      const triesAtMost = error instanceof SendError ? error.triesAtMost : Infinity;
      await this.#outbox.failed(message, boundLine(textOf(error)), triesAtMost, clock.now());
      return;
    }
    await this.#outbox.sent(message, clock.now());
  }

  #hasStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** Reading them takes a while. */
const CHECKS_WITH_ROWS = 3;

function eventOf({ kind, notebook, date, run, error, occasion = "" }: Incident, at: string): AlertEvent {
  const kinds: AlertKind[] = [kind];
  return {
    id: `${kind}/${notebook}/${date}/${occasion}`,
    kind,
    kinds,
    at,
    notebook,
    date,
    ...(run !== undefined && { run }),
    ...(error !== undefined && { error: boundError(error) }),
    cells: [],
    checks: [],
    notes: [],
    more: 0,
  };
}
