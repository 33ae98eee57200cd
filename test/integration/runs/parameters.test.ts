import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { useRuns } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const frontMatter = `parameters:
  city: {type: string, default: BCN}
  top: {type: integer, default: 3}
  share: {type: number, default: 0.5}
  open: {type: boolean, default: true}
  since: {type: date, default: "2026-01-01"}
  moment: {type: timestamp, default: "2026-01-01 12:00:00"}`;

const files = {
  "notebooks/sales.md": notebook(
    {
      values_of_it: dataset(
        "SELECT $city AS city, $top AS top, $share AS share, $open AS open, $since AS since, $moment AS moment",
      ),
    },
    frontMatter,
  ),
};

const defaults = {
  city: "BCN",
  top: "3",
  share: 0.5,
  open: true,
  since: "2026-01-01",
  moment: "2026-01-01 12:00:00",
};

describe("a parameter", () => {
  test("has its default and its type", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      expect(await readPublished(runs.workspace, "latest/values_of_it")).toEqual([defaults]);
    }));

  test.each([
    ["city", "A'; DROP TABLE orders; --", "A'; DROP TABLE orders; --"],
    ["city", "", ""],
    ["city", "$top", "$top"],
    ["top", "-9007199254740991", "-9007199254740991"],
    ["top", "9007199254740993", "9007199254740993"],
    ["top", "9223372036854775807", "9223372036854775807"],
    ["top", "-9223372036854775808", "-9223372036854775808"],
    ["share", "1e-3", 0.001],
    ["open", "false", false],
    ["since", "2024-02-29", "2024-02-29"],
    ["moment", "2024-02-29 23:59:59", "2024-02-29 23:59:59"],
  ])("%s may be %j", (name, given, expected) =>
    withRuns(files, async (runs) => {
      await runs.materialize({ parameters: { [name]: given } });
      expect(await readPublished(runs.workspace, "latest/values_of_it")).toEqual([
        { ...defaults, [name]: expected },
      ]);
    }),
  );

  test.each([
    ["top", "three"],
    ["top", "1.5"],
    ["share", "half"],
    ["open", "maybe"],
    ["since", "2026-02-30"],
    ["moment", "noon"],
  ])("%s must not be %j", (name, given) =>
    withRuns(files, async (runs) => {
      await expect(runs.materialize({ parameters: { [name]: given } })).rejects.toMatchObject({
        code: "usage",
      });
    }),
  );

  test("must exist", () =>
    withRuns(files, async (runs) => {
      await expect(runs.materialize({ parameters: { citi: "BCN" } })).rejects.toMatchObject({
        code: "usage",
        hint: 'Did you mean "city"?',
      });
    }));
});

describe("an input cell", () => {
  const input = "```yaml\ninput: limit_to\ntype: number\ndefault: 5\n```\n\n";

  test("gives a draft its default, or what is asked for", () =>
    withRuns(
      {
        "notebooks/sales.md":
          input + notebook({ some: "SELECT range AS id FROM range(100) WHERE range < $limit_to" }),
      },
      async (runs) => {
        expect((await runs.run()).cells[0]).toMatchObject({ name: "some", rows: 5 });
        expect((await runs.run({ parameters: { limit_to: "7" } })).cells[0]).toMatchObject({ rows: 7 });
      },
    ));

  test("never changes a dataset, not through another cell either", () =>
    withRuns(
      {
        "notebooks/sales.md":
          input +
          notebook({
            some: "SELECT range AS id FROM range(100) WHERE range < $limit_to",
            all_of_it: dataset("SELECT count(*) AS n FROM some"),
          }),
      },
      async (runs) => {
        const refused = await runs.materialize().catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: "invalid-notebook" });
        expect(JSON.stringify(refused)).toContain('"code":"input-in-dataset"');
      },
    ));
});
