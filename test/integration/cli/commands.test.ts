import { describe, expect, test } from "vitest";
import { commandNames } from "../../../server/cli/main.js";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const sales = { "notebooks/sales.md": notebook({ orders: dataset("SELECT 1 AS id") }) };

describe("help", () => {
  test("lists every command with a line on what it does", async () => {
    for (const args of [["--help"], ["help"], []]) {
      const { code, stdout } = await lakebook(args);
      expect(code).toBe(0);
      for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S.{10,}$`, "m"));
    }
  });

  test.each(commandNames)("of %s says how it is called", async (name) => {
    const { code, stdout } = await lakebook([name, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: lakebook ${name}`);
  });
});

describe("wrong usage is exit code 2 and says what would be right", () => {
  test.each([
    ["an unknown command", ["materialise", "sales"], 'Did you mean "materialize"?'],
    ["an unknown option", ["run", "sales", "--dat", "2026-11-01"], 'Did you mean "--date"?'],
    ["a missing argument", ["run"], "Usage: lakebook run <notebook>"],
    ["an argument too many", ["run", "sales", "more"], '"more" is one too many'],
    ["a value that is missing", ["run", "sales", "--date"], "--date"],
    ["a date that is none", ["run", "sales", "--date", "2026-02-30"], '"2026-02-30" is not a date'],
    ["a parameter without a value", ["run", "sales", "--param", "city"], "name=value"],
    ["a parameter that does not exist", ["run", "sales", "--param", "city=BCN"], '"city" does not exist'],
    ["a cell that does not exist", ["run", "sales", "--cell", "order"], 'Did you mean "orders"?'],
    ["a notebook that does not exist", ["run", "sale"], 'Did you mean "sales"?'],
    ["a notebook's path", ["check", "../sales"], "../sales"],
    ["another kind of input", ["materialize", "sales", "--input", "old"], "neither pinned nor current"],
    ["nothing to resume", ["materialize", "sales", "--resume"], "to resume"],
    ["an unknown run", ["retry", "20260101-000000-000000"], "does not exist"],
    ["an unknown format", ["query", "SELECT 1", "--format", "xml"], "table, csv, json"],
    ["a query that is none", ["query", "DROP TABLE orders"], "1:1"],
    ["a query of an unknown table", ["query", "FROM orders"], "--notebook"],
    ["a limit that is no number", ["query", "SELECT 1", "--limit", "many"], "--limit many"],
    ["a port that is none", ["serve", "--port", "70000"], "--port 70000"],
  ])("%s", (_name, args, message) =>
    withWorkspace(sales, async (workspace) => {
      const { code, stdout, stderr } = await lakebook(args, { workspace });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^ +at /m);
    }),
  );

  test("a folder that is no workspace", () =>
    withWorkspace({}, async (workspace) => {
      await workspace.remove("notebooks");
      const { code, stderr } = await lakebook(["run", "sales"], { workspace });
      expect(code).toBe(2);
      expect(stderr).toContain("is not a workspace");
    }));

  test("settings that are not valid", () =>
    withWorkspace({ ...sales, "lakebook.yaml": "memory_limit: plenty\n" }, async (workspace) => {
      const { code, stderr } = await lakebook(["run", "sales"], { workspace });
      expect(code).toBe(2);
      expect(stderr).toMatch(/lakebook\.yaml.*8GB/s);
    }));

  test("with --json is JSON too", () =>
    withWorkspace(sales, async (workspace) => {
      const result = await lakebook(["run", "sale", "--json"], { workspace });
      expect(result.code).toBe(2);
      expect(result.json()).toMatchObject({ error: { code: "not-found", hint: 'Did you mean "sales"?' } });
    }));
});

describe("the exit code", () => {
  const failing = "SELECT CAST(city AS INTEGER) AS n FROM (VALUES ('BCN')) AS t(city)";

  test.each([
    ["0 where all went well", dataset("SELECT 1 AS id", "checks: [{not_null: [id]}]"), 0],
    [
      "0 with warnings",
      dataset("SELECT NULL AS id", "checks: [{not_null: {columns: [id], severity: warn}}]"),
      0,
    ],
    ["1 where a cell failed", dataset(failing), 1],
    ["2 where the notebook has an error", dataset("SELEKT 1"), 2],
    ["3 where a check failed", dataset("SELECT NULL AS id", "checks: [{not_null: [id]}]"), 3],
    [
      "3 where a check could not run",
      dataset("SELECT 'x' AS id", `checks: [{expression: "CAST(id AS INTEGER) > 0"}]`),
      3,
    ],
  ])("is %s", (_name, body, expected) =>
    withWorkspace({ "notebooks/sales.md": notebook({ orders: body }) }, async (workspace) => {
      const { code, stderr } = await lakebook(["materialize", "sales"], { workspace });
      expect(code, stderr).toBe(expected);
    }),
  );
});

describe("lakebook generate", () => {
  test("writes the same files for the same seed, and others for another", () =>
    withWorkspace({}, async (workspace) => {
      const generate = async (seed: string, folder: string): Promise<string> => {
        const args = ["generate", "--conversations", "30", "--seed", seed, "--out", workspace.path(folder)];
        const { code, stdout } = await lakebook(args);
        expect(code).toBe(0);
        expect(stdout).toContain("orders.json");
        return workspace.read(`${folder}/customer_courier_chat_messages.json`);
      };
      const [first, again, other] = [
        await generate("1", "a"),
        await generate("1", "b"),
        await generate("2", "c"),
      ];
      expect(again).toBe(first);
      expect(other).not.toBe(first);
      expect((JSON.parse(first) as unknown[]).length).toBeGreaterThan(30);
    }));

  test("writes monthly deliveries, each in a folder called like its run date, and says how they are delivered", () =>
    withWorkspace({}, async (workspace) => {
      const months = ["--months", "3", "--late", "10%", "--out", workspace.path("deliveries")];
      const { code, stdout } = await lakebook(["generate", ...months]);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /2021-02-01: \d+ messages \(\d+ late ones\), \d+ orders \(\d+ late or corrected\)\n/,
      );
      expect(stdout).toContain("lakebook materialize customer_courier_conversations --date 2021-01-01");
      for (const date of ["2021-01-01", "2021-02-01", "2021-03-01"])
        expect(JSON.parse(await workspace.read(`deliveries/${date}/orders.json`))).not.toHaveLength(0);
      const wrong = await lakebook(["generate", "--late", "10%", "--out", workspace.path("a")]);
      expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("--months")]);
      const share = await lakebook([
        "generate",
        "--months",
        "2",
        "--late",
        "0.1",
        "--out",
        workspace.path("a"),
      ]);
      expect([share.code, share.stderr]).toEqual([2, expect.stringContaining('"--late 0.1"')]);
    }));
});
