import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { QueryScope } from "../../../../server/engine/engine.js";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, query, relationOf, scopeOf } from "../scope.js";

const shared = useEngine();
let one: QueryScope;
let other: QueryScope;

beforeAll(async () => {
  one = await storedScope("SELECT range AS id, range % 3 AS part FROM range(1000)");
  other = await storedScope("SELECT 'secret' AS word");
});

/** Stored rows, named `result`, in a folder of their own. */
async function storedScope(sql: string): Promise<QueryScope> {
  const output = await materialize(shared.engine, shared.root, sql);
  return scopeOf(join(output.folder, "parquet"), { relations: [relationOf(output)], isImmutable: true });
}

async function ask(scope: QueryScope, sql: string): Promise<readonly (readonly unknown[])[]> {
  const { root, ...parts } = scope;
  return (await query(shared.engine, root, sql, parts)).rows;
}

/** Transactions are counted from the start of an instance. */
async function transactions(scope: QueryScope): Promise<number> {
  const [[count] = []] = await ask(scope, "SELECT txid_current()");
  return Number(count);
}

/** The count in an instance that has just been opened for the scope. */
async function countWhenNew(scope: QueryScope): Promise<number> {
  await failureOf(ask(scope, "SELECT nothing"));
  return transactions(scope);
}

describe("what was opened for an immutable scope", () => {
  test("serves the next query over the same", async () => {
    const first = await countWhenNew(one);
    expect(await ask(one, "SELECT count(*), sum(id) FROM result")).toEqual([["1000", "499500"]]);
    expect(await transactions(one)).toBeGreaterThan(first);
  });

  test("is not there for another scope, nor for one that may change", async () => {
    const [file = ""] = one.relations.flatMap((relation) =>
      relation.type === "files" ? relation.files : [],
    );
    await ask(one, "SELECT count(*) FROM result");
    expect(await ask(other, "FROM result")).toEqual([["secret"]]);
    expect(await failureOf(ask(other, `FROM read_parquet('${file}')`))).toMatchObject({ code: "query" });
    await ask(one, "SELECT count(*) FROM result");
    const empty = scopeOf(shared.root);
    expect(await failureOf(ask(empty, "FROM result"))).toMatchObject({ code: "query" });
    expect(await transactions(empty)).toBe(await transactions(empty));
  });

  test("has nothing of the query before: neither its rows nor its parameters", async () => {
    const parameters = [
      { definition: { name: "p", type: "string", isList: false }, value: "secret" },
    ] as const;
    await ask({ ...one, parameters }, "SELECT $p");
    expect(await failureOf(ask(one, 'FROM "lakebook result"'))).toMatchObject({ code: "query" });
    await ask({ ...one, parameters }, "SELECT $p");
    expect(await failureOf(ask(one, "SELECT $p"))).toMatchObject({ code: "query" });
  });

  test("keeps its limits and its lock", async () => {
    const settings = "SELECT current_setting('memory_limit'), current_setting('lock_configuration')";
    const before = await ask(one, settings);
    expect(await ask(one, settings)).toEqual(before);
    expect(before[0]?.[1]).toBe(true);
    expect(await failureOf(ask(one, "FROM read_text('/etc/passwd')"))).toMatchObject({ code: "query" });
  });

  test("is closed by a query that fails", async () => {
    const first = await countWhenNew(one);
    await ask(one, "FROM result LIMIT 1");
    await failureOf(ask(one, "SELECT error('broken')"));
    expect(await transactions(one)).toBe(first);
  });

  test("is closed by a query that creates something", async () => {
    const first = await countWhenNew(one);
    await ask(one, "PIVOT result ON part USING count(*)");
    expect(await transactions(one)).toBe(first);
  });

  test("is gone with a query that is cancelled", async () => {
    const { engine } = shared;
    const first = await countWhenNew(one);
    const controller = new AbortController();
    const sql = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7";
    const control = {
      label: "slow",
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    };
    expect(await failureOf(engine.query({ scope: one, sql, limit: 1 }, control))).toMatchObject({
      code: "cancelled",
    });
    expect(await transactions(one)).toBe(first);
  });

  test("is gone with its process", async () => {
    const first = await countWhenNew(one);
    const deep = "SELECT json_structure(repeat('[', 100000) || repeat(']', 100000))";
    expect(await failureOf(ask(one, deep))).toMatchObject({ code: "engine-crashed" });
    expect(await transactions(one)).toBe(first);
  });
});
