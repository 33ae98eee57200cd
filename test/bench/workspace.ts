import { cp, link, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mainScript } from "../support/cli.js";
import { settleMachine } from "./measure.js";
import { joined } from "./plan.js";

export const date = "2026-11-01";

/** What a workspace is made of. */
export interface WorkspaceSource {
  /** That has `notebooks/`. */
  readonly root: string;
  readonly input: string;
  /** Names of files in `input`. */
  readonly files: readonly string[];
  readonly memoryLimit?: string | null;
}

/** The input is linked: only the product's own copy of it is measured. */
export async function createWorkspace(folder: string, source: WorkspaceSource): Promise<string> {
  const { root, input, files, memoryLimit = null } = source;
  await mkdir(join(folder, "data_lake"), { recursive: true });
  await mkdir(join(folder, "input"));
  await cp(join(root, "notebooks"), join(folder, "notebooks"), { recursive: true });
  for (const file of files) await link(join(input, file), join(folder, "input", file));
  if (memoryLimit !== null) await writeFile(join(folder, "lakebook.yaml"), `memory_limit: ${memoryLimit}\n`);
  return folder;
}

export function materializeCommand(workspace: string): string[] {
  return [process.execPath, mainScript, "materialize", joined, "--date", date, "--workspace", workspace];
}

/** Whole processes start from the same state: each of them copies the input. `scratch` must not exist. */
export function settle({ input, files }: WorkspaceSource, scratch: string): void {
  settleMachine(
    files.map((file) => join(input, file)),
    scratch,
  );
}

/** A different aggregation for each turn. */
export async function editAggregation(workspace: string, turn: number): Promise<void> {
  const file = join(workspace, "notebooks", `${joined}.md`);
  await writeFile(file, withOtherAggregation(await readFile(file, "utf8"), turn));
}

export function withOtherAggregation(text: string, turn: number): string {
  const changed = text.replace(
    "max(messageSentTimestamp) AS last",
    `max(messageSentTimestamp) + ${turn + 1} AS last`,
  );
  if (changed === text) throw new Error("There is nothing to edit in the aggregations");
  return changed;
}
