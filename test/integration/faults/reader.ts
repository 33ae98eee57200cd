import { spawn, type ChildProcess } from "node:child_process";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundle } from "../../support/bundle.js";
import { until } from "../../support/kill.js";
import type { TestWorkspace } from "../../support/workspace.js";
import { roundOf, rowsOf } from "./rounds.js";

/** What a reader saw at one place. */
export interface Sighting {
  /** Below data_lake/: `latest/orders`. */
  readonly path: string;
  /** `gone`: it was taken away while it was read. `broken`: a file was not whole. */
  readonly state: "read" | "absent" | "gone" | "broken";
  /** Path and size of each file; of a CSV file its rounds and its rows. */
  readonly files?: readonly string[];
  readonly detail?: string;
}

interface Totals {
  readonly readings: number;
  readonly sightings: number;
}

const script = await bundle(fileURLToPath(new URL("reader-process.ts", import.meta.url)));

/** A process that goes on reading the public folders, whatever happens to who writes them. */
export class OutsideReader {
  readonly sightings: Sighting[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<Totals>;

  constructor(workspace: TestWorkspace, datasets: readonly string[]) {
    const args = [script, workspace.path("data_lake"), ...datasets];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    const lines = createInterface(child.stdout);
    this.#ended = new Promise((resolvePromise, reject) => {
      lines.on("line", (line) => {
        const told = JSON.parse(line) as Sighting | Totals;
        if ("readings" in told) resolvePromise(told);
        else this.sightings.push(told);
      });
      child.once("close", () => {
        reject(new Error("The reader ended by itself"));
      });
    });
    this.#ended.catch(() => undefined);
  }

  async ready(): Promise<void> {
    await until("the reader reads", () => this.sightings.length > 0);
  }

  async end(): Promise<Totals> {
    this.#child.stdin?.end();
    return this.#ended;
  }
}

export interface Verdict {
  readonly whole: number;
  /** Each is a place and what was seen there. */
  readonly torn: readonly string[];
  /** Places that were not there at some moment. */
  readonly absent: number;
  readonly gone: number;
}

/** Judges everything that was seen; `kept` finds a Parquet file that was seen, by its name, after its folder is gone. */
export async function judge(
  sightings: readonly Sighting[],
  kept: ReadonlyMap<string, string>,
): Promise<Verdict> {
  const torn: string[] = [];
  const counts = { whole: 0, absent: 0, gone: 0 };
  for (const sighting of sightings) {
    if (sighting.state === "absent") counts.absent++;
    else if (sighting.state === "gone") counts.gone++;
    else if (sighting.state === "read" && (await isWhole(sighting, kept))) counts.whole++;
    else torn.push(`${sighting.path}: ${sighting.detail ?? sighting.files?.join(", ") ?? ""}`);
  }
  return { ...counts, torn };
}

async function isWhole({ path, files = [] }: Sighting, kept: ReadonlyMap<string, string>): Promise<boolean> {
  if (path === "catalog.json") return true;
  if (path.endsWith(".csv")) {
    const [round = "", rows = ""] = files[0]?.split(" ") ?? [];
    return Number(rows) === rowsOf("orders", Number(round));
  }
  const found = files.flatMap((file) => {
    const name = basename(file.slice(0, file.lastIndexOf(" ")));
    return kept.get(name) ?? [];
  });
  return found.length === files.length && (await roundOf(basename(path), found)) !== undefined;
}

/** Every Parquet file of every version that is stored, by its name, which only links to one file share. */
export async function storedFiles(workspace: TestWorkspace): Promise<Map<string, string>> {
  const folder = "data_lake/.lake/versions";
  const files = (await workspace.files(folder)).filter((file) => file.endsWith(".parquet"));
  return new Map(files.map((file) => [basename(file), workspace.path(join(folder, file))]));
}
