import { AppError, isAppError, isSystemError } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { RunManager } from "../../runs/run-manager.js";
import type { RunView } from "../../runs/run-record.js";
import { postJson } from "../alerts/send-webhook.js";
import type { Metric } from "../measures/metrics-text.js";
import {
  endEvents,
  startEvent,
  type LineageDataset,
  type LineageEvent,
  type LineageScope,
} from "./run-events.js";

export interface LineageSettings {
  /** Of the collector; without a path, OpenLineage's own is added. */
  readonly url: string;
  /** Of the jobs; default: lakebook. */
  readonly namespace?: string | undefined;
}

export interface LineageSenderOptions {
  readonly manager: RunManager;
  readonly settings: LineageSettings;
  /** Sent as a bearer token. */
  readonly key: string | undefined;
  readonly version: string;
  readonly logger: Logger;
}

/** What waits while the collector does not answer; more is dropped, the oldest first. */
const MOST_WAITING = 10_000;
const PATH = "/api/v1/lineage";

/** Tells a collector of materializations as they begin and end. Never in a run's way: what cannot be sent is dropped and counted. */
export class LineageSender {
  readonly #options: LineageSenderOptions;
  readonly #scope: LineageScope;
  readonly #url: URL;
  readonly #stopped = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #waiting: LineageEvent[] = [];
  #making: Promise<void> = Promise.resolve();
  #sending: Promise<void> | undefined;
  #sent = 0;
  #dropped = 0;

  /** Fails with code usage for an address that is none. */
  constructor(options: LineageSenderOptions) {
    const { manager, settings, version } = options;
    this.#options = options;
    this.#url = toAddress(settings.url);
    this.#scope = {
      namespace: settings.namespace ?? "lakebook",
      root: manager.services.workspace.root,
      producer: `urn:lakebook:${version}`,
    };
    this.#unsubscribe = manager.events.subscribe((_notebook, event) => {
      if (event.type !== "run-started" && event.type !== "run-finished") return;
      if (event.run.mode !== "materialize") return;
      const run = structuredClone(event.run);
      const isEnd = event.type === "run-finished";
      this.#making = this.#making.then(() => this.#tell(run, isEnd));
    });
  }

  metrics(): Metric[] {
    const help = "OpenLineage events by what became of them.";
    const samples = [
      { labels: { state: "sent" }, value: this.#sent },
      { labels: { state: "dropped" }, value: this.#dropped },
    ];
    return [{ name: "lakebook_openlineage_events_total", type: "counter", help, samples }];
  }

  /** Sends what is due for a moment more. */
  async close(longestMs = 2000): Promise<void> {
    this.#unsubscribe();
    await this.#making;
    const timer = setTimeout(() => {
      this.#stopped.abort();
    }, longestMs);
    await this.#sending;
    clearTimeout(timer);
  }

  async #tell(run: RunView, isEnd: boolean): Promise<void> {
    try {
      const events = isEnd
        ? endEvents(this.#scope, run, await this.#datasetsOf(run))
        : [startEvent(this.#scope, run)];
      this.#waiting.push(...events);
      this.#dropped += this.#waiting.splice(0, this.#waiting.length - MOST_WAITING).length;
      this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    } catch (error) {
      this.#options.logger.error("OpenLineage events could not be made", { run: run.id, error });
    }
  }

  async #datasetsOf({ cells }: RunView): Promise<LineageDataset[]> {
    const { lake } = this.#options.manager.services;
    const found = await Promise.all(
      cells.map(async (cell): Promise<LineageDataset | undefined> => {
        if (cell.version === undefined || (cell.outcome !== "succeeded" && cell.outcome !== "reused"))
          return undefined;
        const manifest = await lake.manifest(cell.name, cell.version).catch((error: unknown) => {
          if (isAppError(error) || isSystemError(error)) return undefined;
          throw error;
        });
        return manifest && { cell, manifest };
      }),
    );
    return found.filter((dataset) => dataset !== undefined);
  }

  async #sendAll(): Promise<void> {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      if (this.#stopped.signal.aborted || !(await this.#send(event))) this.#dropped++;
      else this.#sent++;
    }
  }

  /** One that fails is dropped: what came late would stand after what came next. */
  async #send(event: LineageEvent): Promise<boolean> {
    const { key, logger } = this.#options;
    const body = JSON.stringify(event);
    try {
      const status = await postJson(this.#url, {
        body,
        isInside: true,
        signal: this.#stopped.signal,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Lakebook",
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
      });
      if (status < 300) return true;
      logger.warn("an OpenLineage event was refused", { host: this.#url.host, status });
    } catch (error) {
      logger.warn("an OpenLineage event could not be sent", { host: this.#url.host, error });
    }
    return false;
  }
}

function toAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new AppError("usage", `"openlineage" in lakebook.yaml has no address: "${text}".`, {
      hint: "For example: openlineage: {url: http://localhost:5000}",
    });
  if (url.pathname === "/") url.pathname = PATH;
  return url;
}
