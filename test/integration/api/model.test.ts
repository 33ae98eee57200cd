import { rm } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import { until } from "../../support/kill.js";
import { createWorkspace } from "./harness.js";
import { ServerProcess } from "./processes.js";

// Five clients do what people do, at random, and whenever they rest, the server has to show of each cell what plain
// DuckDB makes of the notebook. LAKEBOOK_MODEL_SEED repeats what each client does; LAKEBOOK_MODEL_SECONDS=3600 goes on
// for an hour, with another seed for each server.

const SECONDS = Number(process.env["LAKEBOOK_MODEL_SECONDS"] ?? "10");
const SEED = Number(process.env["LAKEBOOK_MODEL_SEED"] ?? Date.now() % 1_000_000);
const CLIENTS = 5;
const STEPS = 12;
const MOST_CELLS = 8;
const DATES = ["2026-11-01", "2026-12-01"];
const ANSWER_MS = 60_000;

type Cells = Map<string, { readonly sql: string; readonly isDataset: boolean }>;

class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Mulberry32. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % count;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Every cell has the columns `k`, without duplicates, and `n`. */
function querySql(random: Random, before: readonly string[], rows: number): string {
  const number = String(2 + random.below(5));
  const [a, b] = [random.of(before), random.of(before)];
  const base = `SELECT range AS k, (range * ${number}) % 97 AS n FROM range(${String(random.of([10, 1000, rows]))})`;
  if (before.length === 0) return base;
  return random.of([
    base,
    `SELECT k, n FROM ${a} WHERE n % ${number} <> 0`,
    `SELECT n % ${number} AS k, count(*) AS n FROM ${a} GROUP BY ALL`,
    `SELECT k, max(n) AS n FROM (FROM ${a} UNION ALL FROM ${b}) GROUP BY k`,
    `SELECT x.k, x.n + y.n AS n FROM ${a} x JOIN ${b} y USING (k)`,
    `SELECT k, n FROM ${a} ORDER BY n DESC, k LIMIT ${number}`,
  ]);
}

function textOf(cells: Cells): string {
  const fences = [...cells].map(
    ([name, { sql, isDataset }]) =>
      `\`\`\`sql\n--| cell: ${name}\n${isDataset ? "--| materialize: parquet\n" : ""}${sql}\n\`\`\`\n`,
  );
  const [first = ""] = cells.keys();
  const chart = `\`\`\`yaml\nchart: picture\nfrom: ${first}\nmark: barY\nx: n\ny: count(k)\n\`\`\`\n`;
  return [...fences, chart].join("\n");
}

function cellsOf(text: string): Cells {
  const fences = text.matchAll(/^--\| cell: (\w+)\n(--\| materialize: parquet\n)?(.*)$/gm);
  return new Map(
    [...fences].map(([, name = "", option, sql = ""]) => [name, { sql, isDataset: option !== undefined }]),
  );
}

function edited(random: Random, letter: string, before: Cells, rows: number): Cells {
  const cells = new Map(before);
  const names = [...cells.keys()];
  const name = random.of(names);
  const isRead = [...cells.values()].some(({ sql }) => new RegExp(`\\b${name}\\b`).test(sql));
  const change = random.below(6);
  if (change === 0 && names.length > 2 && !isRead) cells.delete(name);
  else if (change === 1) {
    const renamed = `${letter}${String(random.below(900) + 100)}`;
    if (cells.has(renamed)) return cells;
    return new Map(
      [...cells].map(([key, cell]) => [
        key === name ? renamed : key,
        { ...cell, sql: cell.sql.replace(new RegExp(`\\b${name}\\b`, "g"), renamed) },
      ]),
    );
  } else if (change === 2 && names.length < MOST_CELLS)
    cells.set(`${letter}${String(random.below(900) + 100)}`, {
      // The same as another one has, half of the time.
      sql: random.below(2) === 0 ? (cells.get(name)?.sql ?? "") : querySql(random, names, rows),
      isDataset: random.below(3) === 0,
    });
  else {
    const sql = querySql(random, names.slice(0, names.indexOf(name)), rows);
    cells.set(name, { sql, isDataset: cells.get(name)?.isDataset === true });
  }
  return cells;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly json: () => unknown;
}

class Clients {
  readonly faults: string[] = [];
  readonly runs: string[] = [];
  readonly #server: ServerProcess;
  readonly #rows: number;
  /** A small cap may take results away that nobody reads. */
  readonly #isRoomy: boolean;

  constructor(server: ServerProcess, rows: number, isRoomy: boolean) {
    this.#server = server;
    this.#rows = rows;
    this.#isRoomy = isRoomy;
  }

  async ask(
    method: string,
    path: string,
    allowed: readonly number[],
    body?: unknown,
    etag?: string,
  ): Promise<Answer> {
    const init: RequestInit = {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(etag === undefined ? {} : { headers: { "if-match": `"${etag}"` } }),
    };
    try {
      const response = await this.#server.fetch(path, init);
      const text = await response.text();
      const isGone = this.#isRoomy && response.status === 404 && text.includes("no longer kept");
      if (!allowed.includes(response.status) || isGone)
        this.faults.push(`${method} ${path}: ${String(response.status)} ${text.slice(0, 400)}`);
      return { status: response.status, body: text, json: () => JSON.parse(text) as unknown };
    } catch (error) {
      this.faults.push(`${method} ${path}: ${String(error)}`);
      throw error;
    }
  }

  async notebooks(): Promise<string[]> {
    const list = await this.ask("GET", "/api/notebooks", [200]);
    return (list.json() as { name: string }[]).map(({ name }) => name);
  }

  /** Undefined where it was renamed meanwhile. */
  async read(notebook: string): Promise<{ readonly cells: Cells; readonly etag: string } | undefined> {
    const answer = await this.ask("GET", `/api/notebooks/${notebook}`, [200, 404]);
    if (answer.status !== 200) return undefined;
    const { text, etag } = answer.json() as { text: string; etag: string };
    return { cells: cellsOf(text), etag };
  }

  /** One thing that somebody does. */
  async step(random: Random): Promise<void> {
    const notebook = random.of(await this.notebooks());
    const found = await this.read(notebook);
    if (found === undefined) return;
    const { cells, etag } = found;
    const cell = random.of([...cells.keys()]);
    const path = `/api/notebooks/${notebook}`;
    const rows = `${path}/cells/${cell}/rows?limit=20&offset=${String(random.below(this.#rows))}`;
    const edit = () => {
      const text = textOf(edited(random, notebook.charAt(0), cells, this.#rows));
      return this.ask("PUT", path, [200, 404, 412], { text }, etag);
    };
    const actions: (() => Promise<unknown>)[] = [
      edit,
      edit,
      edit,
      () => this.#run(notebook, {}),
      () => this.#run(notebook, { force: true }),
      () => this.#run(notebook, { cells: [cell] }),
      () => this.#run(notebook, { materialize: true, date: random.of(DATES) }),
      () => this.#run(notebook, { materialize: true, date: random.of(DATES), force: true }),
      () => this.ask("GET", rows, [200, 404]),
      () => this.ask("GET", `${rows}&sort=${random.of(["n", "-n", "-k"])}`, [200, 404]),
      () => this.ask("GET", `${rows}&filter=n:gt:5`, [200, 404]),
      () => this.ask("GET", `${path}/cells/${cell}/profile`, [200, 404]),
      () => this.ask("GET", `${path}/cells/picture/chart`, [200, 404]),
      () =>
        this.ask("GET", `${path}/cells/${cell}/download?format=${random.of(["csv", "parquet"])}`, [200, 404]),
      // A cell that it names may be gone, or have been run never.
      () => this.ask("POST", `${path}/query`, [200, 400, 404], { sql: `SELECT count(*) FROM ${cell}` }),
      () => this.#ofRun(random, (id) => this.ask("POST", `/api/runs/${id}/cancel`, [200], {})),
      () => this.#ofRun(random, (id) => this.ask("POST", `/api/runs/${id}/retry`, [202, 409], {})),
      () => this.ask("POST", "/api/lake/vacuum", [200, 409], { dryRun: false, keep: 1 }),
      () => {
        const newName = `${notebook.charAt(0)}${String(random.below(3))}`;
        return this.ask("POST", `${path}/move`, [200, 404, 409, 412], { newName });
      },
    ];
    await random.of(actions)();
  }

  async #run(notebook: string, body: object): Promise<void> {
    // A cell or a notebook may be gone; what a materialization would remove needs an agreement.
    const answer = await this.ask("POST", `/api/notebooks/${notebook}/runs`, [202, 400, 404, 409], body);
    if (answer.status === 202) this.runs.push((answer.json() as { id: string }).id);
  }

  async #ofRun(random: Random, act: (id: string) => Promise<unknown>): Promise<void> {
    if (this.runs.length > 0)
      await act(this.runs[this.runs.length - 1 - random.below(Math.min(6, this.runs.length))] ?? "");
  }

  async ended(id: string): Promise<RunView> {
    let view: RunView | undefined;
    await until(`run ${id} ends`, async () => {
      view = (await this.ask("GET", `/api/runs/${id}`, [200])).json() as RunView;
      if (view.isRunning !== (view.outcome === "none"))
        this.faults.push(`run ${id} runs and is ${view.outcome}`);
      return !view.isRunning;
    });
    return view as RunView;
  }

  /** Runs end as they should: nothing that these notebooks compute can fail. */
  async settle(): Promise<void> {
    for (const id of new Set(this.runs.splice(0))) {
      const view = await this.ended(id);
      const isExcused = view.error?.code === "conflict" || view.error?.code === "choice-needed";
      if (view.outcome === "failed" && !isExcused)
        this.faults.push(
          `run ${id} failed: ${JSON.stringify([view.error, view.cells.filter(({ error }) => error)])}`,
        );
    }
  }

  /** Of each cell, what the server shows against what DuckDB makes of the text. */
  async compare(): Promise<void> {
    for (const notebook of await this.notebooks()) {
      const { cells } = (await this.read(notebook)) ?? { cells: new Map() as Cells };
      await this.#run(notebook, {});
      await this.settle();
      const expected = await plainRows(cells);
      for (const [name, rows] of expected) {
        const shown = await this.#rowsOf(notebook, name, rows.length);
        if (shown !== JSON.stringify(rows.slice(0, 1000)))
          this.faults.push(
            `${notebook}.${name} shows ${shown.slice(0, 200)}, not ${JSON.stringify(rows).slice(0, 200)}`,
          );
      }
    }
  }

  async #rowsOf(notebook: string, cell: string, count: number): Promise<string> {
    const path = `/api/notebooks/${notebook}/cells/${cell}/rows?limit=1000&sort=k`;
    let answer = await this.ask("GET", path, [200, 404]);
    if (answer.status === 404) {
      await this.#run(notebook, { cells: [cell] });
      await this.settle();
      answer = await this.ask("GET", path, [200]);
    }
    const { rows, totalRows } = answer.json() as { rows: unknown[][]; totalRows: number };
    if (totalRows !== count) return `${String(totalRows)} rows instead of ${String(count)}`;
    return JSON.stringify(rows);
  }
}

/** By `k`. */
async function plainRows(cells: Cells): Promise<Map<string, unknown[][]>> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const expected = new Map<string, unknown[][]>();
    for (const [name, { sql }] of cells) {
      await connection.run(`CREATE TABLE ${name} AS ${sql}`);
      const reader = await connection.runAndReadAll(`SELECT k, n FROM ${name} ORDER BY k`);
      expected.set(name, reader.getRowsJson());
    }
    return expected;
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
}

/** Until the time is over, at least once; returns what was wrong. */
async function live(seed: number, seconds: number): Promise<string[]> {
  const isRoomy = seed % 2 === 0;
  const rows = isRoomy ? 20_000 : 300_000;
  const random = new Random(seed);
  const files: Record<string, string> = isRoomy ? {} : { "lakebook.yaml": "result_limit: 1MB\n" };
  for (const letter of ["a", "b"]) {
    const cells: Cells = new Map();
    for (let n = 0; n < 4; n++)
      cells.set(`${letter}${String(n)}`, {
        sql: querySql(random, [...cells.keys()], rows),
        isDataset: n % 2 === 1,
      });
    files[`notebooks/${letter}0.md`] = textOf(cells);
  }
  const root = await createWorkspace(files);
  const server = await ServerProcess.start(root);
  const clients = new Clients(server, rows, isRoomy);
  const client = async (own: Random): Promise<void> => {
    for (let step = 0; step < STEPS && clients.faults.length === 0; step++) await clients.step(own);
  };
  const end = performance.now() + seconds * 1000;
  try {
    do {
      await Promise.all(Array.from({ length: CLIENTS }, () => client(new Random(random.below(2 ** 31)))));
      await clients.settle();
      await clients.compare();
    } while (performance.now() < end && clients.faults.length === 0);
  } catch (error) {
    clients.faults.push(String(error));
  } finally {
    await server.stop("SIGTERM");
    await rm(root, { recursive: true, force: true });
  }
  return [...clients.faults, ...server.stderr.split("\n").filter((line) => line.includes('"level":"error"'))];
}

describe("five clients at random", () => {
  test(
    `see of each cell what plain DuckDB makes of it (LAKEBOOK_MODEL_SEED=${String(SEED)})`,
    async () => {
      console.log(`LAKEBOOK_MODEL_SEED=${String(SEED)}`);
      const end = performance.now() + SECONDS * 1000;
      for (let turn = 0; turn < 2 || performance.now() < end; turn++)
        expect(await live(SEED + turn, Math.min(60, SECONDS / 2)), `seed ${String(SEED + turn)}`).toEqual([]);
    },
    (SECONDS + 300) * 1000,
  );
});
