import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import type { Json } from "./harness.js";

const launcher = resolve(import.meta.dirname, "../../../server/bin/lakebook.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on standard input; default: nothing. */
  readonly input?: string;
  /** It outlives the test that it was started in; whoever started it kills it. */
  readonly isShared?: boolean;
}

/** `node server/bin/lakebook.js ...`, killed at the end of the test whatever happens. */
export class CommandProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], { env = {}, input, isShared = false }: ProcessOptions = {}) {
    const { LAKEBOOK_TOKEN: _token, ...inherited } = process.env;
    this.child = spawn(process.execPath, [launcher, ...args], {
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { ...inherited, ...env },
    });
    this.child.stdin?.end(input);
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve({ code, signal });
      });
    });
    if (!isShared) onTestFinished(() => this.kill());
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error("the process did not start");
    return this.child.pid;
  }

  /** Sends the signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

export class ServerProcess extends CommandProcess {
  url = "";
  /** Empty where people log in by name and nobody chose one. */
  token = "";

  /** Resolves once it has printed where it is. */
  static async start(
    root: string,
    args: readonly string[] = [],
    options: ProcessOptions = {},
  ): Promise<ServerProcess> {
    const server = new ServerProcess(["serve", "--workspace", root, "--port", "0", ...args], options);
    const at = args.indexOf("--token");
    await server.#ready(at === -1 ? options.env?.["LAKEBOOK_TOKEN"] : args[at + 1]);
    return server;
  }

  async #ready(chosen = ""): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const found = /^Lakebook is running at (https?:\/\/[^\s/]+)\/(?:\?token=(\S+))?\n/.exec(this.stdout);
        if (found === null) return;
        this.url = found[1] ?? "";
        this.token = found[2] === undefined ? chosen : decodeURIComponent(found[2]);
        resolve();
      };
      this.child.stdout?.on("data", look);
      void this.ended.then(({ code }) => {
        reject(new Error(`the server ended with ${String(code)}: ${this.stderr}`));
      });
    });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.token}`);
    headers.set("content-type", "application/json");
    return fetch(this.url + path, { ...init, headers });
  }

  async json<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  }

  async startRun(notebook: string, body: Json = {}): Promise<string> {
    const { id } = await this.json<{ readonly id: string }>("POST", `/api/notebooks/${notebook}/runs`, body);
    return id;
  }

  /** Starts a run and waits for its end. */
  async run(notebook: string, body: Json = {}): Promise<RunView> {
    const id = await this.startRun(notebook, body);
    for (;;) {
      const view = await this.view(id);
      if (!view.isRunning) return view;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  view(id: string): Promise<RunView> {
    return this.json<RunView>("GET", `/api/runs/${id}`);
  }
}
