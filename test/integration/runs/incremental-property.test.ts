import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { Random } from "../../server/notebook/random.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { queryOutside } from "../../support/workspace-parquet.js";
import { cellOf, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** What `LAKEBOOK_SEEDS=100-200` asks for by hand. */
const [firstSeed = 1, lastSeed = firstSeed + 3] = (process.env["LAKEBOOK_SEEDS"] ?? "1")
  .split("-")
  .map(Number);
const STEPS = 7;

interface Message {
  readonly orderId: number | null;
  readonly sentAt: string | null;
  readonly n: number;
}
interface Order {
  readonly orderId: number;
  readonly city: string | null;
}
/** The texts of the files of `input/` by their paths. */
type Delivery = ReadonlyMap<string, string>;
type Row = readonly unknown[];

/** The shipped notebook in small. `least`: of the messages that count. */
function notebookText(least: number): string {
  return notebook({
    messages: dataset(
      `SELECT "orderId" AS order_id, "sentAt" AS sent_at, n, year("sentAt") AS year, month("sentAt") AS month
FROM read_json('input/messages*.json', columns = {orderId: 'BIGINT', sentAt: 'TIMESTAMP', n: 'BIGINT'}) WHERE n >= ${least}`,
      "partition_by: [year, month]",
      "incremental: by_partition",
      "checks: [{range: {column: n, max: 4}, severity: warn}, {not_null: [year], severity: warn}]",
    ),
    orders: dataset(
      `SELECT "orderId" AS order_id, city FROM read_json('input/orders*.json', columns = {orderId: 'BIGINT', city: 'VARCHAR'})`,
      "key: order_id",
      "incremental: by_key",
      "checks: [{accepted_values: {column: city, values: [BCN, MAD]}, severity: warn}]",
    ),
    counts: dataset(
      "SELECT order_id, count(*) AS messages, sum(n)::BIGINT AS total, min(sent_at) AS first_at FROM messages WHERE order_id IS NOT NULL GROUP BY order_id",
      "key: order_id",
      "incremental: by_key",
      "checks: [{not_in_future: first_at, severity: warn}, {not_null: [first_at], severity: warn}]",
    ),
    conversations: dataset(
      "SELECT c.order_id, o.city, c.messages, c.total FROM counts c LEFT JOIN orders o USING (order_id)",
      "key: order_id",
      "partition_by: city",
      "incremental: by_key",
      `checks: [{expression: "total > ${String(least)}", severity: warn}, {expression: "total < 2 * (SELECT max(total) FROM conversations)", severity: warn}]`,
    ),
  });
}

const queries: Readonly<Record<DatasetName, string>> = {
  messages: "order_id, CAST(sent_at AS VARCHAR), n, year, month",
  orders: "order_id, city",
  counts: "order_id, messages, total, CAST(first_at AS VARCHAR)",
  conversations: "order_id, city, messages, total",
};

/** How many rows of what is published fail each check, in the order of {@link notebookText}. */
const failing: Readonly<
  Record<DatasetName, (rows: readonly Row[], date: string, least: number) => number[]>
> = {
  messages: (rows) => [countOf(rows, (row) => Number(row[2]) > 4), countOf(rows, (row) => row[3] === null)],
  orders: (rows) => [countOf(rows, (row) => row[1] !== null && row[1] !== "BCN" && row[1] !== "MAD")],
  counts: (rows, date) => [
    countOf(rows, (row) => typeof row[3] === "string" && row[3].slice(0, 10) > date),
    countOf(rows, (row) => row[3] === null),
  ],
  conversations: (rows, _date, least) => [
    countOf(rows, (row) => Number(row[3]) <= least),
    countOf(rows, (row) => Number(row[3]) >= 2 * Math.max(...rows.map((other) => Number(other[3])))),
  ],
};

function countOf(rows: readonly Row[], isFailing: (row: Row) => boolean): number {
  return rows.filter(isFailing).length;
}

type DatasetName = "messages" | "orders" | "counts" | "conversations";
type Published = Readonly<Record<DatasetName, readonly Row[]>>;

function isOrders(path: string): boolean {
  return path.startsWith("input/orders");
}

/** What is delivered up to a date, each content of a path once. */
function contents(
  deliveries: ReadonlyMap<string, Delivery>,
  date: string,
): { readonly date: string; readonly path: string; readonly text: string }[] {
  const seen = new Set<string>();
  return [...deliveries.keys()]
    .filter((other) => other <= date)
    .sort()
    .flatMap((other) =>
      [...(deliveries.get(other) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([path, text]) => {
          if (seen.has(`${path} ${text}`)) return [];
          seen.add(`${path} ${text}`);
          return [{ date: other, path, text }];
        }),
    );
}

function messageRows(texts: readonly string[], least: number): Row[] {
  return texts.flatMap((text) =>
    (JSON.parse(text) as Message[])
      .filter(({ n }) => n >= least)
      .map(({ orderId, sentAt, n }) => {
        const [year, month] =
          sentAt === null ? [null, null] : [sentAt.slice(0, 4), sentAt.slice(5, 7)].map(Number);
        return [orderId, sentAt, n, year, month];
      }),
  );
}

/** All datasets of a date, by other means than SQL. */
function compute(deliveries: ReadonlyMap<string, Delivery>, date: string, least: number): Published {
  const files = contents(deliveries, date);
  const messages = messageRows(
    files.filter(({ path }) => !isOrders(path)).map(({ text }) => text),
    least,
  );
  const cities = new Map<number, string | null>();
  for (const { text } of files.filter(({ path }) => isOrders(path)))
    for (const { orderId, city } of JSON.parse(text) as Order[]) cities.set(orderId, city);
  const byOrder = new Map<number, Row[]>();
  for (const row of messages) {
    const [orderId] = row as [number | null];
    if (orderId !== null) byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), row]);
  }
  const counts = [...byOrder].map(([orderId, rows]): Row => {
    const times = rows.flatMap(([, sentAt]) => (typeof sentAt === "string" ? [sentAt] : [])).sort();
    const total = rows.reduce((sum, [, , n]) => sum + Number(n), 0);
    return [orderId, rows.length, total, times[0] ?? null];
  });
  return {
    messages,
    orders: [...cities],
    counts,
    conversations: counts.map(([orderId, n, total]) => [
      orderId,
      cities.get(Number(orderId)) ?? null,
      n,
      total,
    ]),
  };
}

function isOne(random: Random, percent: number): boolean {
  return random.below(100) < percent;
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function rowCounts(
  before: readonly Row[] | undefined,
  now: readonly Row[],
  hasKey: boolean,
): { readonly added: number; readonly changed: number; readonly removed: number } {
  if (before === undefined) return { added: now.length, changed: 0, removed: 0 };
  if (hasKey) {
    const [old, fresh] = [before, now].map(
      (rows) => new Map(rows.map((row) => [String(row[0]), JSON.stringify(row)])),
    ) as [Map<string, string>, Map<string, string>];
    return {
      added: [...fresh.keys()].filter((key) => !old.has(key)).length,
      changed: [...fresh].filter(([key, row]) => old.has(key) && old.get(key) !== row).length,
      removed: [...old.keys()].filter((key) => !fresh.has(key)).length,
    };
  }
  const rest = sorted(before);
  let added = 0;
  for (const row of sorted(now)) {
    const at = rest.indexOf(row);
    if (at === -1) added += 1;
    else rest.splice(at, 1);
  }
  return { added, changed: 0, removed: rest.length };
}

/** Deliveries at random, as people make them. */
class Deliverer {
  #file = 0;
  readonly #random: Random;
  readonly files = new Map<string, string>();

  constructor(random: Random) {
    this.#random = random;
    this.deliver();
  }

  deliver(): void {
    const random = this.#random;
    for (const path of this.files.keys()) if (!isOrders(path) && isOne(random, 50)) this.files.delete(path);
    const olds = [...this.files.keys()].filter((path) => !isOrders(path));
    if (olds.length === 0 || isOne(random, 70)) {
      const path = isOne(random, 50) ? "input/messages.json" : `input/messages_${String(this.#file++)}.json`;
      this.files.set(path, JSON.stringify(Array.from({ length: random.below(8) }, () => this.#message())));
    } else if (isOne(random, 50)) {
      // A correction: some rows of a file are others, or there twice.
      const path = random.pick(olds);
      const rows = JSON.parse(this.files.get(path) ?? "[]") as Message[];
      const others = rows.flatMap((row) => (isOne(random, 30) ? [] : isOne(random, 20) ? [row, row] : [row]));
      this.files.set(path, JSON.stringify([...others, this.#message()]));
    }
    if (isOne(random, 20)) this.files.delete("input/orders_more.json");
    if (!this.files.has("input/orders.json") || isOne(random, 60))
      this.#deliverOrders("input/orders.json", 0);
    if (isOne(random, 30)) this.#deliverOrders("input/orders_more.json", 1);
  }

  /** Two rows of one order in one delivery, of one file or of two; returns what takes them back. */
  deliverTwice(): () => void {
    const path = this.#random.pick(["input/orders.json", "input/orders_again.json"]);
    const before = this.files.get(path);
    const others = this.files.get("input/orders.json") ?? "[]";
    const rows = [
      ...(path === "input/orders.json" ? (JSON.parse(others) as Order[]) : []),
      { orderId: 77, city: "BCN" },
    ];
    this.files.set(path, JSON.stringify([...rows, { orderId: 77, city: this.#random.pick(["BCN", "MAD"]) }]));
    return () => {
      if (before === undefined) this.files.delete(path);
      else this.files.set(path, before);
    };
  }

  /** Each of the two files has orders of its own. */
  #deliverOrders(path: string, parity: number): void {
    const random = this.#random;
    const ids = Array.from({ length: 9 }, (_, index) => index).filter(
      (id) => id % 2 === parity && isOne(random, 50),
    );
    const rows = ids.map((orderId): Order => ({ orderId, city: random.pick(["BCN", "MAD", "VLC", null]) }));
    this.files.set(path, JSON.stringify(rows));
  }

  #message(): Message {
    const random = this.#random;
    const day = `2026-0${String(1 + random.below(4))}-1${String(random.below(3))} 0${String(random.below(9))}:00:00`;
    return {
      orderId: isOne(random, 10) ? null : random.below(9),
      sentAt: isOne(random, 10) ? null : day,
      n: random.pick([0, 1, 1, 2, 5]),
    };
  }
}

class Story {
  readonly #runs: Runs;
  readonly #random: Random;
  readonly #deliverer: Deliverer;
  readonly #deliveries = new Map<string, Delivery>();
  readonly #published = new Map<string, Published>();
  #least = 0;
  #month = 0;

  constructor(runs: Runs, random: Random) {
    this.#runs = runs;
    this.#random = random;
    this.#deliverer = new Deliverer(random);
  }

  async step(): Promise<void> {
    const random = this.#random;
    if (isOne(random, 15)) this.#least = this.#least === 0 ? 1 : 0;
    const isAgain = this.#published.size > 1 && isOne(random, 25);
    const date = isAgain
      ? random.pick([...this.#published.keys()])
      : `2026-${String(++this.#month).padStart(2, "0")}-28`;
    if (isOne(random, 85)) this.#deliverer.deliver();
    if (isOne(random, 12)) await this.#requireRefusal(date);
    await this.#deliver();
    const earlier = await this.#folders((other) => other !== date);
    const before = [...this.#published.keys()]
      .filter((other) => other < date)
      .sort()
      .at(-1);
    const view = await this.#runs.materialize({ date, input: "current", force: isOne(random, 12) });
    expect(
      view.cells.map(({ name, error }) => [name, error?.message]).filter(([, message]) => message),
    ).toEqual([]);
    this.#deliveries.set(date, new Map(this.#deliverer.files));
    const wanted = compute(this.#deliveries, date, this.#least);
    const old = before === undefined ? undefined : this.#published.get(before);
    for (const name of Object.keys(queries) as DatasetName[]) {
      const note = `${date} ${name}: ${cellOf(view, name).incremental?.reason ?? ""}`;
      expect([note, sorted(await this.#rows(date, name))]).toEqual([note, sorted(wanted[name])]);
      const { incremental } = cellOf(view, name);
      const deliveries = [...this.#deliveries.keys()].filter((other) => other <= date).length;
      const rows = rowCounts(old?.[name], wanted[name], name !== "messages");
      expect([note, incremental]).toMatchObject([
        note,
        {
          deliveries,
          rows,
          late: this.#late(name, date, old) ?? {},
        },
      ]);
      this.#requireFindings(name, date, wanted[name], view);
      if (before !== undefined) await this.#requireLinks(name, [before, date], incremental);
    }
    this.#published.set(date, wanted);
    expect(await this.#folders((other) => other !== date)).toEqual(earlier);
  }

  /** Whatever of it was looked at again. */
  #requireFindings(name: DatasetName, date: string, rows: readonly Row[], { checks }: RunView): void {
    const found = checks.filter(({ cell, name: check }) => cell === name && !check.includes("key_"));
    const wanted = failing[name](rows, date, this.#least);
    expect([date, name, found.map(({ failures }) => failures)]).toEqual([date, name, wanted]);
    for (const { failures, message } of found)
      expect([name, message]).toEqual([
        name,
        failures === 0
          ? `${String(rows.length)} row${rows.length === 1 ? "" : "s"} checked, none fails`
          : expect.stringMatching(`^${String(failures)} of ${String(rows.length)} row`),
      ]);
  }

  /** Two rows of one key in a delivery: nothing is published, and nothing is lost. */
  async #requireRefusal(date: string): Promise<void> {
    const takeBack = this.#deliverer.deliverTwice();
    await this.#deliver();
    const before = await this.#folders(() => true);
    const view = await this.#runs.materialize({ date, input: "current" });
    expect(view).toMatchObject({ outcome: "failed", published: [] });
    expect(view.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name)).toEqual([
      "orders.key_unique",
    ]);
    expect(await this.#folders(() => true)).toEqual(before);
    takeBack();
  }

  /** Rows of this delivery for a partition or a key that the run date before had. */
  #late(
    name: DatasetName,
    date: string,
    old: Published | undefined,
  ): { readonly rows: number; readonly keys: number } | undefined {
    if (name === "conversations") return undefined;
    if (old === undefined) return { rows: 0, keys: 0 };
    const fresh = contents(this.#deliveries, date).filter((file) => file.date === date);
    const texts = (ofOrders: boolean): string[] =>
      fresh.filter(({ path }) => isOrders(path) === ofOrders).map(({ text }) => text);
    const rows: Row[] =
      name === "orders"
        ? texts(true).flatMap((text) =>
            (JSON.parse(text) as Order[]).map(({ orderId, city }) => [orderId, city]),
          )
        : messageRows(texts(false), this.#least);
    const keyOf = (row: Row): string => JSON.stringify(name === "messages" ? row.slice(3) : row[0]);
    const known = new Set(old[name].map(keyOf));
    const late = rows.filter((row) => known.has(keyOf(row)));
    return { rows: late.length, keys: new Set(late.map(keyOf)).size };
  }

  async #deliver(): Promise<void> {
    const { workspace } = this.#runs;
    for (const path of await workspace.files("input"))
      if (!this.#deliverer.files.has(`input/${path}`)) await workspace.remove(`input/${path}`);
    for (const [path, text] of this.#deliverer.files) await workspace.write(path, text);
    await workspace.write("notebooks/sales.md", notebookText(this.#least));
  }

  async #rows(date: string, name: DatasetName): Promise<Row[]> {
    const folder = this.#runs.workspace.path(`data_lake/${date}/${name}`);
    const rows = await queryOutside(
      `SELECT to_json([${queries[name]
        .split(", ")
        .map((column) => `to_json(${column})`)
        .join(", ")}]) AS r FROM read_parquet('${folder}/**/*.parquet', hive_partitioning = false)`,
    );
    return rows.map(({ r }) => JSON.parse(String(r)) as Row);
  }

  async #folders(isWanted: (date: string) => boolean): Promise<Record<string, string>> {
    const { workspace } = this.#runs;
    const found: Record<string, string> = {};
    for (const date of [...this.#published.keys()].filter(isWanted))
      for (const file of await workspace.files(`data_lake/${date}`)) {
        const path = workspace.path(`data_lake/${date}/${file}`);
        const hash = createHash("sha256")
          .update(await readFile(path))
          .digest("hex");
        found[`${date}/${file}`] = `${String((await stat(path)).ino)} ${hash}`;
      }
    return found;
  }

  /** What is told of partitions is what the folders show. */
  async #requireLinks(
    name: DatasetName,
    dates: readonly [string, string],
    incremental: { readonly mode: string; readonly partitions: unknown } | undefined,
  ): Promise<void> {
    const [old, now] = await Promise.all(dates.map((date) => this.#inodes(name, date)));
    if (old === undefined || now === undefined || incremental?.mode === "full") return;
    const linked = [...now].filter(([, inodes]) => [...old.values()].includes(inodes)).length;
    expect([name, dates, incremental?.partitions]).toMatchObject([
      name,
      dates,
      {
        written: now.size - linked,
        linked,
        removed: [...old.keys()].filter((folder) => !now.has(folder)).length,
      },
    ]);
  }

  /** By the folders of partitions. */
  async #inodes(name: DatasetName, date: string): Promise<Map<string, string>> {
    const { workspace } = this.#runs;
    const found = new Map<string, string>();
    for (const file of await workspace.files(`data_lake/${date}/${name}`)) {
      const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0));
      // Without rows there is a file for the columns, in no partition.
      if (folder === "" && (name === "messages" || name === "conversations")) continue;
      const { ino } = await stat(workspace.path(`data_lake/${date}/${name}/${file}`));
      found.set(folder, `${found.get(folder) ?? ""} ${String(ino)}`);
    }
    return found;
  }
}

describe("datasets that add deliveries up", () => {
  test.each(Array.from({ length: lastSeed - firstSeed + 1 }, (_, index) => firstSeed + index))(
    "are what all deliveries give by other means, whatever comes when (seed %i)",
    (seed) =>
      withRuns({ "notebooks/sales.md": notebookText(0) }, async (runs) => {
        const story = new Story(runs, new Random(seed));
        for (let step = 0; step < STEPS; step++) await story.step();
      }),
  );
});

/** Keys by their texts; several texts of one key stand together. */
const keyTypes = {
  "a STRUCT": {
    cast: "{a: split_part(kk, '/', 1)::INTEGER, b: nullif(split_part(kk, '/', 2), '')}",
    keys: [["1/x"], ["1/y"], ["2/x"], ["2/"], ["1/"]],
  },
  "a TIMESTAMPTZ": {
    cast: "kk::TIMESTAMPTZ",
    keys: [
      ["2026-01-01 00:00:00+00", "2026-01-01 02:00:00+02"],
      ["2026-01-01 01:00:00+00"],
      ["2026-03-29 01:30:00+00", "2026-03-29 03:30:00+02"],
      ["infinity"],
    ],
  },
  "a DOUBLE": { cast: "kk::DOUBLE", keys: [["NaN", "-NaN"], ["0", "-0"], ["1"], ["Infinity"], ["0.1"]] },
} as const;

describe.each(Object.entries(keyTypes))("datasets whose key is %s", (_, { cast, keys }) => {
  test.each(
    Array.from({ length: Math.ceil((lastSeed - firstSeed + 1) / 4) }, (_, index) => firstSeed + index),
  )("are what all deliveries give by other means (seed %i)", (seed) =>
    withRuns({}, async (runs) => {
      const random = new Random(seed);
      const columns = "columns = {kk: 'VARCHAR', g: 'BIGINT', v: 'BIGINT'}";
      const text = notebook({
        newest: dataset(
          `SELECT ${cast} AS k, v FROM read_csv('input/newest.csv', ${columns})`,
          "key: k",
          "incremental: by_key",
        ),
        rows: dataset(
          `SELECT ${cast} AS k, g, v FROM read_csv('input/rows.csv', ${columns})`,
          "partition_by: g",
          "incremental: by_partition",
        ),
        sums: dataset("SELECT k, sum(v)::BIGINT AS v FROM rows GROUP BY k", "key: k", "incremental: by_key"),
        joined: dataset(
          "SELECT s.k, s.v + coalesce(n.v, 0) AS v FROM sums s LEFT JOIN newest n ON n.k = s.k",
          "key: k",
          "incremental: by_key",
        ),
      });
      await runs.workspace.write("notebooks/sales.md", text);
      // By the place of the key.
      const newest = new Map<number, number>();
      const sums = new Map<number, number>();
      let value = 1;
      const row = (key: number): string => {
        value *= 2;
        return `${random.pick(keys[key] ?? [""])},${String(random.below(3))},${String(value)}`;
      };
      for (let month = 1; month <= 3; month++) {
        const ofNewest = keys.flatMap((_, key) => {
          if (!isOne(random, 40)) return [];
          const line = row(key);
          newest.set(key, value);
          return [line];
        });
        const ofRows = Array.from({ length: 1 + random.below(5) }, () => {
          const key = random.below(keys.length);
          const line = row(key);
          sums.set(key, (sums.get(key) ?? 0) + value);
          return line;
        });
        await runs.workspace.write("input/newest.csv", ["kk,g,v", ...ofNewest, ""].join("\n"));
        await runs.workspace.write("input/rows.csv", ["kk,g,v", ...ofRows, ""].join("\n"));
        const date = `2026-0${String(month)}-28`;
        const view = await runs.materialize({ date });
        expect([date, view.outcome, view.cells.map(({ error }) => error?.message)]).toEqual([
          date,
          "succeeded",
          view.cells.map(() => undefined),
        ]);
        const joined = [...sums].map(([key, sum]) => sum + (newest.get(key) ?? 0));
        const wanted = { newest: [...newest.values()], sums: [...sums.values()], joined };
        for (const [name, values] of Object.entries(wanted)) {
          const folder = runs.workspace.path(`data_lake/${date}/${name}`);
          const found = await queryOutside(
            `SELECT v::VARCHAR AS v FROM read_parquet('${folder}/*.parquet') ORDER BY v`,
          );
          const mode = cellOf(view, name).incremental?.reason ?? "";
          expect([date, name, mode, found.map(({ v }) => v)]).toEqual([
            date,
            name,
            mode,
            values.map(String).sort(),
          ]);
        }
      }
    }),
  );
});
