import { beforeAll, expect, test } from "vitest";
import type { CellRowsPage, Profile } from "../../../server/api/protocol.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { at, notebook, useApi } from "./harness.js";

const join = "SELECT * FROM l JOIN r ON l.id = r.id ORDER BY l.id";

const shared = useApi({
  "notebooks/twins.md": notebook({
    "cell: l": "SELECT i AS id, 'n' || i AS n FROM range(3) t(i)",
    "cell: r": "SELECT i AS id, -i AS m FROM range(3) t(i)",
    "cell: j": join,
    "cell: cased": "SELECT 1 AS a, 2 AS A, 3 AS a_1, 4 AS a",
    "cell: reader": "SELECT id_1 + 10 AS later, * FROM j",
    "cell: second": "SELECT a, a_1, a_1_1, a_2 FROM cased",
  }),
  "notebooks/refused.md": notebook({
    "cell: l": "SELECT 1 AS id",
    "cell: j\n--| materialize: parquet": "SELECT *, l.id AS other, 2 AS ID\nFROM l",
  }),
});

let run: RunView;
beforeAll(async () => {
  run = await shared.api.run("twins");
});

async function rows(cell: string, query = ""): Promise<CellRowsPage> {
  const path = `/api/notebooks/twins/cells/${cell}/rows${query}`;
  return (await shared.api.json<CellRowsPage>("GET", path)).body;
}

test("two columns of one name are shown as DuckDB shows them, with the key that tells them apart", async () => {
  expect(run.outcome).toBe("succeeded");
  const page = await rows("j");
  expect(page.columns).toEqual([
    { name: "id", type: "BIGINT", kind: "integer" },
    { name: "n", type: "VARCHAR", kind: "text" },
    { name: "id", type: "BIGINT", kind: "integer", key: "id_1" },
    { name: "m", type: "BIGINT", kind: "integer" },
  ]);
  expect(page.rows[1]).toEqual(["1", "n1", "1", "-1"]);
  expect((await rows("cased")).columns.map(({ name, key }) => [name, key])).toEqual([
    ["a", undefined],
    ["A", "A_1"],
    ["a_1", "a_1_1"],
    ["a", "a_2"],
  ]);
});

test("each of them can be sorted and filtered by, has a profile, and is downloaded as DuckDB writes it", async () => {
  expect((await rows("j", "?sort=-id_1&limit=1")).rows).toEqual([["2", "n2", "2", "-2"]]);
  expect((await rows("j", "?filter=id_1:lt:1")).rows).toEqual([["0", "n0", "0", "0"]]);
  const profile = await shared.api.json<Profile>("GET", "/api/notebooks/twins/cells/j/profile");
  expect(profile.body.columns.map(({ name, key, max }) => [name, key, max])).toEqual([
    ["id", undefined, "2"],
    ["n", undefined, "n2"],
    ["id", "id_1", "2"],
    ["m", undefined, "0"],
  ]);
  const csv = await shared.api.request("GET", "/api/notebooks/twins/cells/j/download?format=csv");
  expect(await csv.text()).toBe("id,n,id_1,m\n0,n0,0,0\n1,n1,1,-1\n2,n2,2,-2\n");
  const query = { sql: "SELECT 1 AS id, 2 AS id" };
  const answer = await shared.api.json("POST", "/api/notebooks/twins/query", { body: query });
  expect(at(answer.body, "columns")).toEqual(
    ["id", "id"].map((name) => ({ name, type: "INTEGER", kind: "integer" })),
  );
});

test("readers call them as those of a subquery", async () => {
  const page = await rows("reader");
  expect(page.columns.map(({ name }) => name)).toEqual(["later", "id", "n", "id_1", "m"]);
  expect(page.rows[2]).toEqual(["12", "2", "n2", "2", "-2"]);
  expect((await rows("second")).rows).toEqual([[1, 2, 3, 4]]);
});

test("a dataset with two is refused before it runs, at the second one", async () => {
  const { body } = await shared.api.json("GET", "/api/notebooks/refused");
  expect(body["diagnostics"]).toMatchObject([
    {
      code: "query-error",
      cell: "j",
      line: 13,
      column: 31,
      message: '"ID" is the name of two columns',
      hint: expect.stringContaining("EXCLUDE") as string,
    },
  ]);
  const refused = await shared.api
    .run("refused", { materialize: true })
    .catch((error: unknown) => String(error));
  expect(JSON.stringify(refused)).toContain("is the name of two columns");
});
