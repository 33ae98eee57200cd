import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

const token = "bench";

export interface RunView {
  readonly outcome: string;
  readonly cells: readonly {
    readonly name: string;
    readonly status: string;
    readonly outcome: string;
    readonly durationMs?: number;
  }[];
}

export interface TimedRun {
  readonly seconds: number;
  readonly run: RunView;
}

export interface Answer<T> {
  readonly seconds: number;
  readonly answer: T;
}

/** A running `lakebook serve`, as its page uses it: runs are started by HTTP, their end comes as an event. */
export class BenchServer {
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
  }

  static async start(main: string, workspace: string): Promise<BenchServer> {
    const args = [main, "serve", "--port", "0", "--token", token, "--workspace", workspace];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\/\/[^/]+/.exec(line)?.[0];
      if (url !== undefined) return new BenchServer(child, url);
    }
    throw new Error("The server ended before it served");
  }

  /** Seconds from the request to the event that the run has finished. */
  materialize(notebook: string, date: string): Promise<TimedRun> {
    return this.#carryOut(notebook, { materialize: true, date });
  }

  /** As `materialize`, of all cells and everything anew. */
  run(notebook: string): Promise<TimedRun> {
    return this.#carryOut(notebook, { force: true });
  }

  /** Of these cells and what they read, whatever is stored of that. */
  compute(notebook: string, cells: readonly string[]): Promise<TimedRun> {
    return this.#carryOut(notebook, { cells });
  }

  async #carryOut(notebook: string, body: unknown): Promise<TimedRun> {
    const events = await this.#call("GET", `/api/notebooks/${notebook}/events`);
    const finished = waitForEnd(events);
    const started = performance.now();
    await this.#call("POST", `/api/notebooks/${notebook}/runs`, body);
    const run = await finished;
    const seconds = (performance.now() - started) / 1000;
    if (!run.outcome.startsWith("succeeded")) throw new Error(`The run ${run.outcome}`);
    return { seconds, run };
  }

  /** Seconds until the whole answer is there, and what it says. */
  async ask<T>(
    method: "GET" | "POST" | "PUT",
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>> {
    const started = performance.now();
    const answer = (await (await this.#call(method, path, body, headers)).json()) as T;
    return { seconds: (performance.now() - started) / 1000, answer };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }

  async #call(
    method: string,
    path: string,
    body?: unknown,
    more?: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

async function waitForEnd(response: Response): Promise<RunView> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const data = /^event: run-finished\n(?:id: .*\n)?data: (.*)\n\n/m.exec(text)?.[1];
    if (data !== undefined) return (JSON.parse(data) as { run: RunView }).run;
  }
  throw new Error("The server closed the events");
}
