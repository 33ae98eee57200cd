import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundle } from "../../support/bundle.js";

export interface WriterEvent {
  /** `starved`: the disk failed what the test itself writes into a build, as a query would. */
  readonly event: "opening" | "opened" | "published" | "failed" | "starved" | "crashed";
  readonly round?: number;
  readonly seq?: number;
  readonly pid?: number;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly details?: { readonly isCommitted?: boolean; readonly pid?: number };
}

const script = await bundle(fileURLToPath(new URL("writer.ts", import.meta.url)));

/** A writer that runs in a process of its own, below `prefix` (such as strace) if there is one. */
export class WriterProcess {
  readonly events: WriterEvent[] = [];
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  #stderr = "";

  constructor(workspace: string, args: readonly string[], prefix: readonly string[] = [], uid?: number) {
    const [command = "", ...rest] = [...prefix, process.execPath, script, workspace, ...args];
    this.child = spawn(command, rest, {
      stdio: ["pipe", "pipe", "pipe"],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#readEvents();
    this.ended = once(this.child, "close");
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Fails when the process ends before. */
  async until(event: WriterEvent["event"]): Promise<WriterEvent> {
    for (;;) {
      const found = this.events.find((seen) => seen.event === event);
      if (found !== undefined) return found;
      const line = once(this.child.stdout!, "data");
      const hasEnded = await Promise.race([line.then(() => false), this.ended.then(() => true)]);
      if (hasEnded && !this.events.some((seen) => seen.event === event))
        throw new Error(`no "${event}": ${this.#stderr}`);
    }
  }

  of(event: WriterEvent["event"]): WriterEvent[] {
    return this.events.filter((seen) => seen.event === event);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  #readEvents(): void {
    let rest = "";
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.events.push(JSON.parse(line) as WriterEvent);
    });
  }
}
