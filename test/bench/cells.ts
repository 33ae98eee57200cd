import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainOf } from "../support/workspace-notebook.js";
import { measureProcess, summarize, type Series } from "./measure.js";
import { edited, joined } from "./plan.js";
import { BenchServer } from "./server.js";
import { mainScript } from "../support/cli.js";
import { createWorkspace, date, withOtherAggregation, type WorkspaceSource } from "./workspace.js";

/** What people wait for with a notebook open, in the order in which it is measured. */
export const notebookParts = ["open", "page", "save", "edit", "reused", "check"] as const;
type Part = (typeof notebookParts)[number];

export interface NotebookTimes {
  readonly name: string;
  readonly parts: Readonly<Record<Part, Series>>;
}

/** What a notebook of 100 cells may take of the shipped one's time, beyond a fixed allowance. */
export const CELLS_RATIO = 1.5;
export const CELLS_ALLOWANCE_SECONDS = 0.01;

const CELLS = 100;
/** In milliseconds, many are needed; one of each first that nobody counts. */
const TURNS = 15;

interface Opened {
  readonly name: string;
  readonly server: BenchServer;
  readonly workspace: string;
  readonly taken: Record<Part, number[]>;
}

/**
 * The shipped notebook, and the same with so many more cells behind it that it has 100. Alternately: the notebook as its
 * page asks for it, a page of rows, saving an edited aggregation, computing just that, a materialization in which
 * everything is reused, `check` as a whole process.
 */
export async function measureCells(
  checkout: string,
  home: string,
  source: Pick<WorkspaceSource, "input" | "files">,
  say: (text: string) => void,
): Promise<NotebookTimes[]> {
  const opened: Opened[] = [];
  try {
    for (const [name, more] of [
      ["shipped", 0],
      [`${String(CELLS)} cells`, CELLS],
    ] as const) {
      say(`Opening: ${name}`);
      opened.push(await openNotebook(name, more, join(home, `cells-${String(more)}`), checkout, source));
    }
    for (let turn = -1; turn < TURNS; turn++) for (const one of opened) await takeTurn(one, turn);
  } finally {
    for (const { server } of opened) await server.stop();
  }
  return opened.map(({ name, taken }) => ({
    name,
    parts: Object.fromEntries(notebookParts.map((part) => [part, summarize(taken[part])])) as Record<
      Part,
      Series
    >,
  }));
}

async function openNotebook(
  name: string,
  cells: number,
  folder: string,
  checkout: string,
  source: Pick<WorkspaceSource, "input" | "files">,
): Promise<Opened> {
  const workspace = await createWorkspace(folder, { root: checkout, ...source });
  const file = join(workspace, "notebooks", `${joined}.md`);
  const text = await readFile(file, "utf8");
  const own = [...text.matchAll(/^```(?:sql\n--\| (?:cell|check):|yaml\n(?:chart|input):)/gm)].length;
  if (cells > own) await writeFile(file, `${text}\n${chainOf(cells - own)}`);
  const server = await BenchServer.start(mainScript, workspace);
  await server.materialize(joined, date);
  const taken = Object.fromEntries(notebookParts.map((part) => [part, [] as number[]])) as Record<
    Part,
    number[]
  >;
  return { name, server, workspace, taken };
}

async function takeTurn({ server, workspace, taken }: Opened, turn: number): Promise<void> {
  const path = `/api/notebooks/${joined}`;
  const { seconds: open, answer } = await server.ask<{ readonly text: string }>("GET", path);
  const page = (await server.ask("GET", `${path}/cells/${joined}/rows?limit=100&offset=${String(turn + 1)}`))
    .seconds;
  const text = withOtherAggregation(
    answer.text.replace(/(messageSentTimestamp\)) \+ \d+ AS last/, "$1 AS last"),
    turn,
  );
  const save = (await server.ask("PUT", path, { text }, { "if-match": "*" })).seconds;
  const edit = (await server.compute(joined, [edited])).seconds;
  await server.materialize(joined, date);
  const reused = (await server.materialize(joined, date)).seconds;
  const command = [process.execPath, mainScript, "check", joined, "--workspace", workspace];
  const check = (await measureProcess(command)).seconds;
  if (turn < 0) return;
  const seconds: Record<Part, number> = { open, page, save, edit, reused, check };
  for (const part of notebookParts) taken[part].push(seconds[part]);
}
