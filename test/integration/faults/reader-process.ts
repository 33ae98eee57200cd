/**
 * A reader that knows nothing of the product: it looks at public folders again and again and tells each state of one
 * that it has not seen before. `node reader-process.js DATA_LAKE DATASET...`; a line of JSON for each, until standard input ends.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, fstatSync } from "node:fs";
import { join } from "node:path";
import type { Sighting } from "./reader.js";

const [lake = "", ...datasets] = process.argv.slice(2);
const seen = new Map<string, number>();
let readings = 0;
/** The last text of each path, and what it told: it is read in every look, and seldom another one. */
const lastTexts = new Map<string, { readonly bytes: Buffer; readonly state: State }>();

let isEnding = false;
process.stdin.resume().on("end", () => {
  isEnding = true;
});

look();

function look(): void {
  for (const place of ["latest", "2026-11-01"]) {
    for (const dataset of datasets) tell({ path: `${place}/${dataset}`, ...readFolder(place, dataset) });
    tell({ path: `${place}/orders.csv`, ...readText(join(lake, place, "orders.csv")) });
  }
  tell({ path: "catalog.json", ...readCatalog() });
  readings++;
  if (isEnding)
    process.stdout.write(
      `${JSON.stringify({ readings, sightings: [...seen.values()].reduce((a, b) => a + b, 0) })}\n`,
    );
  else setTimeout(look, 2);
}

function tell(sighting: Sighting): void {
  const key = JSON.stringify(sighting);
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  if (count === 0) process.stdout.write(`${key}\n`);
}

type State = Omit<Sighting, "path">;

/** What it lists and opens below belongs to the folder that it opened, even if another takes its place meanwhile. */
function readFolder(place: string, dataset: string): State {
  let folder: number;
  try {
    folder = openSync(join(lake, place, dataset), "r");
  } catch {
    return { state: "absent" };
  }
  try {
    return { state: "read", files: filesBelow(`/proc/self/fd/${folder}`, "").sort() };
  } catch (error) {
    if (error instanceof BrokenFile) return { state: "broken", detail: error.message };
    // The folder was taken away while it was read: an error for its reader, never a wrong answer.
    return { state: "gone" };
  } finally {
    closeSync(folder);
  }
}

class BrokenFile extends Error {}

function filesBelow(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return filesBelow(root, path);
    return [`${path} ${parquetSize(join(root, path), path)}`];
  });
}

/** Fails where the file does not begin and end as Parquet does. */
function parquetSize(path: string, name: string): number {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const ends = [0, size - 4].map((at) => {
      const bytes = Buffer.alloc(4);
      if (at >= 0) readSync(file, bytes, 0, 4, at);
      return bytes.toString("latin1");
    });
    if (size < 12 || ends.some((text) => text !== "PAR1")) throw new BrokenFile(`${name} of ${size} bytes`);
    return size;
  } finally {
    closeSync(file);
  }
}

function readText(path: string): State {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return { state: "absent" };
  }
  const last = lastTexts.get(path);
  if (last?.bytes.equals(bytes) === true) return last.state;
  const lines = bytes.toString("utf8").split("\n");
  const rounds = new Set(lines.slice(1, -1).map((line) => line.split(",")[2]));
  const state: State = { state: "read", files: [`${[...rounds].join("+")} ${lines.length - 2}`] };
  lastTexts.set(path, { bytes, state });
  return state;
}

function readCatalog(): State {
  let text: string;
  try {
    text = readFileSync(join(lake, "catalog.json"), "utf8");
  } catch {
    return { state: "absent" };
  }
  try {
    JSON.parse(text);
    return { state: "read" };
  } catch {
    return { state: "broken", detail: `catalog.json of ${text.length} characters` };
  }
}
