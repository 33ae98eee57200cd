import { existsSync, readdirSync, watch, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cutArray } from "../../../../server/engine/duckdb/worker/array-cuts.js";
import type { Random } from "../../../../server/workspace/sample/random.js";
import { seededRandom } from "../../../support/seed.js";
import { useEngine, withEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, outputFolder, watchProgress, writeFiles } from "../scope.js";
import type { Materialized, MaterializeOptions } from "../scope.js";
import { childrenOf, waitUntil } from "./processes.js";

const limits = { threads: 2, memoryLimitBytes: 2 * 1024 ** 3 };
const split = useEngine({ ...limits, splitFromBytes: 1 });
const whole = useEngine({ ...limits, splitFromBytes: Number.MAX_SAFE_INTEGER });

const columns = "{id: 'BIGINT', text: 'VARCHAR', items: 'JSON'}";
const readArray = (path: string, options = ""): string =>
  `read_json('${path}', format = 'array', columns = ${columns}${options})`;

/** Whether the use had pipes made, and left none. */
async function makesPipes(use: () => Promise<unknown>): Promise<boolean> {
  await materialize(split.engine, split.root, "SELECT 1 AS x");
  const temp = join(split.root, ".temp");
  const [engine = ""] = readdirSync(temp);
  const seen = new Set<string>();
  const watchers = readdirSync(join(temp, engine)).map((worker) =>
    watch(join(temp, engine, worker), (_, name) => {
      if (name !== null) seen.add(name);
    }),
  );
  const pipesOf = (names: readonly string[]): readonly string[] =>
    names.filter((name) => /(^|\/)array-/.test(name));
  try {
    await use();
    writeFileSync(join(temp, engine, readdirSync(join(temp, engine))[0] ?? "", "mark"), "");
    await waitUntil(() => seen.has("mark"), 5_000);
  } finally {
    for (const watcher of watchers) watcher.close();
  }
  expect(pipesOf(readdirSync(temp, { recursive: true, encoding: "utf8" }))).toEqual([]);
  return pipesOf([...seen]).length > 0;
}

/** What both ways of reading have to agree in. */
async function compare(
  text: string | Uint8Array,
  sql = `FROM ${readArray("input/a.json")}`,
  options: MaterializeOptions = {},
): Promise<{ readonly isSplit: boolean; readonly rows: number }> {
  const answers: (Partial<Materialized> & { readonly filesCount: number })[] = [];
  let isSplit = false;
  for (const { engine, root } of [split, whole]) {
    writeFiles(root, { "input/a.json": "" });
    writeFileSync(join(root, "input/a.json"), text);
    const run = async (): Promise<void> => {
      const { columns, rows, contentHash, scannedRows, files, folder } = await materialize(
        engine,
        root,
        sql,
        {
          isOrdered: true,
          ...options,
        },
      );
      expect(files.every(({ path }) => existsSync(join(folder, path)))).toBe(true);
      expect(readdirSync(join(folder, "parquet")).length).toBeGreaterThan(0);
      answers.push({ columns, rows, contentHash, scannedRows, filesCount: files.length });
    };
    if (engine === split.engine) isSplit = await makesPipes(run);
    else await run();
  }
  expect(answers[0]).toEqual(answers[1]);
  return { isSplit, rows: answers[0]?.rows ?? 0 };
}

interface Item {
  readonly id: number;
  readonly text: string;
  readonly items: unknown;
}

const items = (count: number, item: (id: number) => Partial<Item> = () => ({})): readonly Item[] =>
  Array.from({ length: count }, (_, id) => ({ id, text: `text ${id}`, items: [id], ...item(id) }));

describe("a JSON array that several threads read", () => {
  test.each<readonly [string, string, boolean]>([
    [
      "in lines",
      `[\n${items(900)
        .map((item) => JSON.stringify(item))
        .join(",\n")}\n]\n`,
      true,
    ],
    ["in one line", JSON.stringify(items(900)), true],
    ["with white space everywhere", `\r\n ${JSON.stringify(items(900), null, "\t")} \n\n`, true],
    [
      "with lists of objects of its own kind",
      JSON.stringify(items(300, (id) => ({ items: items(id % 7) }))),
      true,
    ],
    ["with texts that look like cuts", JSON.stringify(items(300, () => ({ text: '"},{"id":1},{"a' }))), true],
    ["with characters of all lengths", JSON.stringify(items(300, () => ({ text: 'é€𝄞\u2028\\"\n' }))), true],
    ["with a backslash before each end", JSON.stringify(items(300, () => ({ text: "\\" }))), true],
    [
      "whose records have their keys in any order",
      JSON.stringify(items(300).map(({ id, ...rest }) => (id % 3 === 0 ? { id, ...rest } : { ...rest, id }))),
      true,
    ],
    ["with a byte order mark", `\ufeff${JSON.stringify(items(300))}`, false],
    ["of one record", JSON.stringify(items(1)), false],
    ["of none", "[]", false],
    [
      "cut off behind a comma, which the engine lets pass",
      JSON.stringify(items(300)).slice(0, -1) + ",",
      true,
    ],
  ])("gives the same rows in the same order: %s", async (_, text, isExpected) => {
    const { isSplit } = await compare(text);
    expect(isSplit).toBe(isExpected);
  });

  test("may be cut anywhere, and may be nested in any way", async () => {
    const random = seededRandom("split-array");
    for (let turn = 0; turn < 12; turn++) {
      const count = random.integer(2, 400);
      const text = JSON.stringify(
        items(count, () => ({ text: randomText(random), items: randomValue(random, 4) })),
        null,
        random.integer(0, 1) * 2,
      );
      expect((await compare(text)).rows).toBe(count);
    }
  });

  test("is put into partitions, filtered, and read within a CTE or another cell", async () => {
    const text = JSON.stringify(items(900));
    const cte = `WITH a AS (SELECT * REPLACE (id % 3 AS id) FROM ${readArray("input/a.json")}) SELECT *, $p AS p FROM a WHERE text LIKE '%1%'`;
    const parameters = [{ definition: { name: "p", type: "string", isList: false }, value: "é" }] as const;
    expect(await compare(text, cte, { partitionBy: ["id"], scope: { parameters } })).toMatchObject({
      isSplit: true,
    });
    const relations = [{ type: "query", name: "cell", sql: `FROM ${readArray("input/a.json")}` }] as const;
    expect(await compare(text, "SELECT id FROM cell", { scope: { relations } })).toMatchObject({
      isSplit: true,
    });
    expect(
      await compare(text, "SELECT id FROM cell", { scope: { relations }, keepsTypes: true }),
    ).toMatchObject({
      isSplit: true,
    });
  });

  test.each([
    ["is counted", `SELECT count(*) AS n FROM ${readArray("input/a.json")}`],
    [
      "is read twice",
      `WITH a AS (FROM ${readArray("input/a.json")}) SELECT x.id FROM a x JOIN a y USING (id) ORDER BY id`,
    ],
    ["is read until there are enough rows", `FROM ${readArray("input/a.json")} LIMIT 5`],
    ["tells of its file", `SELECT id, filename FROM ${readArray("input/a.json")}`],
    ["is numbered", `SELECT id, row_number() OVER () AS n FROM ${readArray("input/a.json")}`],
    ["may have records that are left out", `FROM ${readArray("input/a.json", ", ignore_errors = true")}`],
    ["is one of several files", `FROM read_json('input/*.json', format = 'array', columns = ${columns})`],
    ["is not read", `FROM ${readArray("input/a.json")} WHERE false`],
    [
      "is read in every round of a recursion",
      `WITH RECURSIVE r AS (SELECT 0 AS id UNION ALL SELECT a.id + 1 FROM r, ${readArray("input/a.json")} a WHERE a.id = r.id AND a.id < 5) FROM r`,
    ],
  ])("is left to one thread where it %s", async (_, sql) => {
    expect(await compare(JSON.stringify(items(300)), sql)).toMatchObject({ isSplit: false });
  });

  test.each<readonly [string, (text: string) => string]>([
    ["in its middle", (text) => text.replace('"id":150', '"id"150')],
    ["at its end", (text) => text.slice(0, -20)],
    ["behind its end", (text) => `${text}]`],
    ["between two records", (text) => text.replace('},{"id":75', '}{"id":75')],
    ["in the type of a value", (text) => text.replace('"id":290', '"id":"many"')],
  ])("that is broken %s gives the error of the whole file", async (_, breakIt) => {
    const errors: unknown[] = [];
    for (const { engine, root } of [split, whole]) {
      writeFiles(root, { "input/b.json": breakIt(JSON.stringify(items(300))) });
      const folder = outputFolder(root);
      const sql = `FROM ${readArray("input/b.json")}`;
      const run = async (): Promise<void> => {
        const { code, message, hint, details } = await failureOf(materialize(engine, root, sql, { folder }));
        errors.push({ code, message, hint, details });
      };
      if (engine === split.engine) expect(await makesPipes(run)).toBe(true);
      else await run();
    }
    expect(errors[0]).toEqual(errors[1]);
    expect(JSON.stringify(errors[0])).not.toContain("array-");
  });

  test("that was cut in a wrong place is read as a whole", async () => {
    // The list within the record is longer than what is looked at to find that it is one.
    const list = items(60_000, (id) => ({ text: "long ".repeat(10), items: id }));
    const text = JSON.stringify([
      { id: 1, text: "first", items: [] },
      { id: 2, text: "second", items: list },
    ]);
    expect(await compare(text)).toEqual({ isSplit: true, rows: 2 });
  });

  test("is not looked for outside of what may be read", async () => {
    const { engine, root } = split;
    writeFiles(root, { ".hidden/a.json": JSON.stringify(items(300)) });
    const sql = `FROM ${readArray(".hidden/a.json")}`;
    const isSplit = await makesPipes(async () => {
      expect((await failureOf(materialize(engine, root, sql))).code).toBe("query");
    });
    expect(isSplit).toBe(false);
  });

  test("leaves no process and no pipe when it is stopped or its worker is killed", async () => {
    await withEngine(
      async (engine, root) => {
        const idle = new Set(childrenOf(process.pid));
        const workers = (): readonly number[] => childrenOf(process.pid).filter((pid) => !idle.has(pid));
        writeFiles(root, { "input/a.json": JSON.stringify(items(300)) });
        const slow = `SELECT levenshtein(repeat('a', 100000 + id), repeat('b', 100000)) AS n FROM ${readArray("input/a.json")}`;
        const left = (): readonly string[] =>
          readdirSync(join(root, "temp"), { recursive: true, encoding: "utf8" }).filter((name) =>
            name.includes("/array-"),
          );
        const isClean = (): boolean => left().length === 0 && workers().length === 0;

        const controller = new AbortController();
        const { onProgress, isAtWork } = watchProgress();
        const stopped = failureOf(materialize(engine, root, slow, { signal: controller.signal, onProgress }));
        await isAtWork;
        controller.abort();
        expect(await stopped).toMatchObject({ code: "cancelled" });
        expect(await waitUntil(isClean, 10_000)).toBe(true);

        const killed = watchProgress();
        const crashed = failureOf(materialize(engine, root, slow, { onProgress: killed.onProgress }));
        await killed.isAtWork;
        for (const pid of workers()) process.kill(pid, "SIGKILL");
        expect(await crashed).toMatchObject({ code: "engine-crashed" });
        expect(await waitUntil(isClean, 10_000)).toBe(true);
      },
      { ...limits, splitFromBytes: 1, purpose: "read" },
    );
  });
});

test("ranges of an array are the file again, with commas between them", async () => {
  const { root } = split;
  const text = JSON.stringify(
    items(500, (id) => ({ items: items(id % 5) })),
    null,
    1,
  );
  writeFiles(root, { "input/d.json": text });
  const file = await open(join(root, "input/d.json"));
  const ranges = await cutArray(file, text.length, 8);
  await file.close();
  expect(ranges).toHaveLength(8);
  const parts = ranges.map(({ start, end }) => text.slice(start, end));
  expect(parts.join(",")).toBe(text);
  for (const part of parts.slice(1, -1)) JSON.parse(`[${part}]`);
});

function randomText(random: Random): string {
  const parts = ['"', "\\", "},{", '{"id":', "[", "]", "}", ",", " ", "é", "𝄞", "\n", "id"];
  return Array.from({ length: random.integer(0, 12) }, () => parts[random.integer(0, parts.length - 1)]).join(
    "",
  );
}

function randomValue(random: Random, depth: number): unknown {
  const kind = depth === 0 ? 0 : random.integer(0, 3);
  const list = (): unknown[] =>
    Array.from({ length: random.integer(0, 4) }, () => randomValue(random, depth - 1));
  if (kind === 0) return randomText(random);
  if (kind === 1) return list();
  if (kind === 2) return { id: randomValue(random, depth - 1), [randomText(random)]: 1, x: list() };
  return random.integer(-5, 5);
}
