import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { copyShipped, withWorkspace } from "../../support/workspace.js";

const notebook = `
\`\`\`sql
--| cell: raw
SELECT id, sent::TIMESTAMPTZ AS sent, price::DECIMAL(9,2) AS price, tags::VARCHAR[] AS tags, x::DOUBLE AS x
FROM 'input/raw.csv'
\`\`\`

\`\`\`sql
--| cell: sums
--| materialize: parquet
--| checks:
--|   - not_null: [total]
WITH kept AS (SELECT * FROM raw WHERE id >= 0)
SELECT id, sum(price) AS total, max(sent) AS last, list(x ORDER BY x) AS xs, any_value(tags) AS tags
FROM kept GROUP BY id ORDER BY id DESC
\`\`\`

\`\`\`yaml
test: values_are_exact
cell: sums
given:
  raw:
    - {id: 1, price: 0.10, sent: "2026-01-01T01:00:00+01:00", tags: [a, b], x: NaN}
    - {id: 1, price: 0.20, sent: "2025-12-31 23:59:59Z", tags: [a, b], x: NaN}
    - {id: -1, price: 5}
    - {id: 2}
ordered: true
expect:
  - {id: 2, total: null, xs: [null], tags: null}
  - {id: 1, total: 0.3, last: "2026-01-01 00:00:00+00", xs: [NaN, NaN], tags: [a, b]}
\`\`\`

\`\`\`yaml
test: one_cte
cell: sums
cte: kept
given:
  raw: [{id: -1}, {id: 0}]
expect: [{id: 0}]
\`\`\`

\`\`\`yaml
test: a_check_that_fails
cell: sums
given:
  raw: [{id: 2}]
expect_check: {name: not_null_total, outcome: fail}
\`\`\`

\`\`\`yaml
test: what_a_file_brings
cell: raw
given:
  input/raw.csv: |
    id,sent,price,tags,x
    7,2026-01-01 00:00:00+00,1,nope,1
expect_error: nope
\`\`\`
`;

const input = { "input/raw.csv": "id,sent,price,tags,x\n1,2026-01-01 00:00:00+00,1.5,\"['a']\",1\n" };

const odd = `
\`\`\`sql
--| cell: kinds
SELECT 1 AS id, 1::DOUBLE AS x, '{}'::JSON AS doc, 1 AS part, NULL::STRUCT(n BIGINT, m DECIMAL(9,2)) AS nested
\`\`\`

\`\`\`sql
--| cell: same
SELECT *, doc AS copy FROM kinds
\`\`\`

\`\`\`yaml
test: numbers_of_yaml
cell: same
given: {kinds: [{x: .nan}, {x: .inf}, {x: -.Inf}]}
expect: [{x: nan}, {x: inf}, {x: -.inf}]
\`\`\`

\`\`\`yaml
test: json
cell: same
given:
  kinds: "id,doc\\n1,\\"{ \\"\\"a b\\"\\": [1, 1.10, 12345678901234567890] }\\""
expect: [{doc: {"a b": [1, 1.10, 12345678901234567890]}}]
\`\`\`

\`\`\`yaml
test: digits_of_nested_numbers
cell: same
given: {kinds: [{nested: {n: 1234567890123456789, m: 1.10}}]}
expect: [{nested: "{'n': 1234567890123456789, 'm': 1.10}"}]
\`\`\`

\`\`\`yaml
test: twice
cell: same
given: {kinds: [{id: 1, ID: 2}]}
expect: "id,Id\\n1,2"
\`\`\`
`;

describe("lakebook test", () => {
  test("reads numbers, JSON and nested values as they are written, and no name twice", () =>
    withWorkspace({ "notebooks/odd.md": odd }, async (workspace) => {
      const result = await lakebook(["test", "odd", "--json"], { workspace });
      const { tests } = result.json() as { tests: readonly Record<string, unknown>[] };
      expect(tests.map(({ outcome, message, differences }) => [outcome, message, differences])).toEqual([
        ["passed", undefined, undefined],
        ["passed", undefined, undefined],
        ["passed", undefined, undefined],
        ["error", 'Key "ID" is written twice.', undefined],
      ]);
      const { stdout } = await lakebook(["test", "odd"], { workspace });
      expect(stdout).toContain(
        'Key "ID" is written twice. Remove one of the two: names of columns have no case.',
      );
      expect(stdout).not.toContain("numbers_of_yaml (same) at");
    }));

  test("passes where values of every kind are the expected ones, in rows, a CTE, a check and an error", () =>
    withWorkspace({ "notebooks/sums.md": notebook, ...input }, async (workspace) => {
      const result = await lakebook(["test", "--json"], { workspace });
      expect(result.json()).toMatchObject({
        passed: 4,
        failed: 0,
        tests: Array(4).fill({ outcome: "passed" }),
      });
      expect(result.code).toBe(0);
    }));

  test.each([
    ["{id: one}", "{id: 1}", 'Row 1 of "kinds" gives "id" one, which is no INTEGER.'],
    ["{id: 1}", "{id: 1.5}", 'Row 1 of "expect" gives "id" 1.5, which INTEGER cannot hold as it is.'],
    ["{id: 1, x: inf}", "{x: yes}", 'Row 1 of "expect" gives "x" yes, which is no DOUBLE.'],
  ])("is not needed to find values that do not fit, given %s, expected %s", (given, wanted, message) => {
    const value = `\n\`\`\`yaml\ntest: value\ncell: same\ngiven: {kinds: [${given}]}\nexpect: [${wanted}]\n\`\`\`\n`;
    const cells = odd.slice(0, odd.indexOf("\n```yaml"));
    return withWorkspace({ "notebooks/odd.md": cells + value }, async (workspace) => {
      const checked = await lakebook(["check", "odd", "--json"], { workspace });
      expect(checked.json()).toMatchObject({ diagnostics: [{ code: "invalid-value", message }] });
      const tested = await lakebook(["test", "odd", "--json"], { workspace });
      expect(tested.json()).toMatchObject({ tests: [{ outcome: "error", message }] });
    });
  });

  test("shows the rows that differ, says what does not exist, and keeps the lake as it is", () =>
    withWorkspace(
      {
        "notebooks/sums.md": notebook
          .replace("total: 0.3,", "total: 0.31,")
          .replace("raw: [{id: -1}, {id: 0}]", "raw: [{idd: 0}]")
          .replace("outcome: fail", "outcome: pass"),
        ...input,
      },
      async (workspace) => {
        const result = await lakebook(["test", "sums", "--json"], { workspace });
        expect(result.code).toBe(3);
        expect(result.json()).toMatchObject({
          passed: 1,
          failed: 3,
          tests: [
            {
              name: "values_are_exact",
              outcome: "failed",
              differences: { missing: [], unexpected: [], changed: [{ columns: ["total"] }] },
            },
            {
              name: "one_cte",
              outcome: "error",
              hint: 'Did you mean "id"?',
              place: { line: 38, column: 10 },
            },
            { name: "a_check_that_fails", outcome: "failed" },
            { name: "what_a_file_brings", outcome: "passed" },
          ],
        });
        const checked = await lakebook(["check", "sums", "--json"], { workspace });
        expect(checked.json()).toMatchObject({ diagnostics: [{ code: "unknown-column", cell: "one_cte" }] });
        const published = await lakebook(["materialize", "sums", "--test"], { workspace });
        expect(published.code).toBe(3);
        expect(published.stdout).toContain("Nothing was run.");
      },
    ));

  test("passes on the notebook that ships", () =>
    withWorkspace({}, async (workspace) => {
      await copyShipped(workspace);
      const result = await lakebook(["test", "customer_courier_conversations"], { workspace });
      expect(result.stdout).toContain("customer_courier_conversations: 10 tests passed");
      expect(result.code).toBe(0);
    }));
});
