import { describe, expect, test } from "vitest";
import { marked, read, readCell, sqlFence } from "./read-notebook.js";

function options(yaml: string) {
  return readCell(sqlFence(yaml), "sql").options;
}

function problem(yaml: string) {
  const text = sqlFence(yaml);
  const { diagnostics } = read(text);
  return {
    code: diagnostics[0]?.code,
    at: marked(text)[0],
    message: diagnostics[0]?.message,
    hint: diagnostics[0]?.hint,
  };
}

describe("options of a SQL cell", () => {
  test("have defaults", () => {
    const empty = {
      materialize: [],
      partitionBy: [],
      key: [],
      checks: [],
      tags: [],
      dependsOn: [],
      disabled: false,
    };
    expect(options("")).toEqual(empty);
  });

  test.each([
    ["materialize: parquet", { materialize: ["parquet"] }],
    ["materialize: [parquet, csv]", { materialize: ["parquet", "csv"] }],
    ["materialize: csv\npartition_by: year", { partitionBy: ["year"] }],
    ["materialize: json\npartition_by:\n  - year\n  - month", { partitionBy: ["year", "month"] }],
    ["key: [a, b]", { key: ["a", "b"] }],
    [
      "materialize: csv\nkey: a\nincremental: by_key",
      { incremental: { mode: "by_key", batches: "cumulative" } },
    ],
    [
      "materialize: csv\npartition_by: a\nincremental: {mode: by_partition, batches: latest}",
      { incremental: { mode: "by_partition", batches: "latest" } },
    ],
    [
      "description: What it is\nowner: data\ntags: [a, b]",
      { description: "What it is", owner: "data", tags: ["a", "b"] },
    ],
    ["description: >\n  Two\n  lines", { description: "Two lines" }],
    ["tags: daily", { tags: ["daily"] }],
    ["retries: 3", { retries: { max: 3, delayMs: 500, factor: 2, maxDelayMs: 30_000 } }],
    [
      "retries: {max: 3, delay: 2m, factor: 1}",
      { retries: { max: 3, delayMs: 120_000, factor: 1, maxDelayMs: 3_600_000 } },
    ],
    ["timeout: 90", { timeoutMs: 90_000 }],
    ["timeout: 30s", { timeoutMs: 30_000 }],
    ["timeout: 1.5 h", { timeoutMs: 5_400_000 }],
    ["depends_on: b", { dependsOn: ["b"] }],
    ["disabled: true", { disabled: true }],
    ["columns: {id: BIGINT}", { columns: [{ name: "id", type: "BIGINT", nullable: true }] }],
    [
      "columns:\n  id: {type: BIGINT, nullable: false, description: The order}",
      { columns: [{ name: "id", type: "BIGINT", nullable: false, description: "The order" }] },
    ],
    ["checks:", { checks: [] }],
  ])("read %j", (yaml, expected) => {
    expect(options(yaml)).toMatchObject(expected);
    expect(read(sqlFence(yaml)).codes).toEqual([]);
  });

  test.each([
    ["materialize: orc", "invalid-option", "orc"],
    ["materialize: [parquet, parqet]", "invalid-option", "parqet"],
    ["materialize: [csv, csv]", "invalid-option", "csv"],
    ["materialize: true", "invalid-option", "true"],
    ["materialize: []", "invalid-option", "[]"],
    ["materialize:", "invalid-option", ""],
    ["materialize: csv\npartition_by: [a, {b: c}]", "invalid-option", "{b: c}"],
    ["materialize: csv\npartition_by: [a, A]", "invalid-option", "A"],
    ["retries: many", "invalid-option", "many"],
    ["retries: 11", "invalid-option", "11"],
    ["retries: {delay: 2m}", "invalid-option", "{delay: 2m}"],
    ["retries: {max: 1, delays: 2m}", "invalid-option", "{max: 1, delays: 2m}"],
    ["retries: 1.5", "invalid-option", "1.5"],
    ["timeout: 0", "invalid-option", "0"],
    ["timeout: 5 days", "invalid-option", "5 days"],
    ["timeout: 9999h", "invalid-option", "9999h"],
    ["disabled: yes", "invalid-option", "yes"],
    ["description: [a]", "invalid-option", "[a]"],
    ["incremental: by_day\nmaterialize: csv", "invalid-option", "by_day"],
    ["incremental: {batches: latest}\nmaterialize: csv", "missing-option", "{batches: latest}"],
    ["incremental: by_key\nmaterialize: csv", "missing-option", "by_key"],
    ["incremental: by_partition\nmaterialize: csv", "missing-option", "by_partition"],
    ["columns: [id]", "invalid-option", "[id]"],
    ["columns: {id: {nullable: false}}", "missing-option", "id"],
    ["columns: {a: DECIMAL(10,2)}", "missing-option", "2)"],
    ["partition_by: year", "unused-option", "partition_by"],
    ["materialise: csv", "unknown-key", "materialise"],
    ["check: b", "unknown-key", "check"],
    ["columns: {id: {type: BIGINT, nulable: true}}", "unknown-key", "nulable"],
    ["tags: [a\nretries: 2", "invalid-yaml", "r"],
    ["retries: 1\nretries: 2", "duplicate-key", "retries"],
    ["\tretries: 1", "invalid-yaml", "\t"],
    ["owner: @me", "invalid-yaml", "@"],
    ["owner: *me", "invalid-yaml", "*me"],
  ])("report %j", (yaml, code, at) => {
    expect(problem(yaml)).toMatchObject({ code, at });
  });

  test("say what is expected, with a right example", () => {
    expect(problem("retries: many")).toMatchObject({
      message: 'Option "retries" must be a whole number from 0 to 10, or {max, delay, factor, max_delay}',
      hint: "For example: retries: {max: 3, delay: 2m}",
    });
    expect(problem("materialize: parqet").message).toBe(
      'Format "parqet" is not known, there are parquet, csv, json; did you mean "parquet"?',
    );
    expect(problem("materialise: csv").hint).toBe('Did you mean "materialize"?');
    expect(problem("colour: red").hint).toMatch(/^Known here: cell, checks, /);
  });

  test("go on working where one of them is wrong", () => {
    expect(options("retries: many\nmaterialize: parquet\ncolour: red\nowner: me")).toMatchObject({
      materialize: ["parquet"],
      owner: "me",
    });
  });

  test("keep the first of two equal keys", () => {
    expect(options("retries: 1\nretries: 2").retries?.max).toBe(1);
  });

  test("leave a cell whole whose YAML is broken, and mark it", () => {
    const { notebook } = read(sqlFence("tags: [a\nretries: 2") + sqlFence("").replace("cell: a", "cell: b"));
    expect(notebook.cells).toMatchObject([
      { name: "a", sql: "SELECT 1", hasErrors: true },
      { name: "b", hasErrors: false },
    ]);
  });

  test("may use anchors, aliases and merges", () => {
    const yaml =
      "columns:\n  a: &text {type: VARCHAR, nullable: false}\n  b: *text\n  c:\n    <<: *text\n    nullable: true";
    expect(options(yaml).columns?.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ["a", "VARCHAR", false],
      ["b", "VARCHAR", false],
      ["c", "VARCHAR", true],
    ]);
  });

  test("do not let a key named like a part of JavaScript in", () => {
    expect(read(sqlFence("__proto__: {materialize: csv}\nconstructor: 1")).codes).toEqual([
      "unknown-key",
      "unknown-key",
    ]);
    expect(options("__proto__: {materialize: csv}").materialize).toEqual([]);
  });

  test("keep the place of every cell that they name", () => {
    const text = sqlFence(
      'depends_on: [b, "c"]\nchecks:\n  - relationships: {column: x, to: d.id}\n  - row_count_matches: e\n' +
        "  - row_count_matches: {distinct: 'f.x.y'}",
    );
    const { optionReferences } = readCell(text, "sql");
    expect(optionReferences.map((reference) => reference.cell)).toEqual(["b", "c", "d", "e", "f"]);
    expect(optionReferences.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      "b",
      "c",
      "d",
      "e",
      "f",
    ]);
  });
});

describe("options of a check cell", () => {
  function checkFence(yaml: string): string {
    return sqlFence(yaml).replace("cell: a", "check: a");
  }

  test("have defaults", () => {
    expect(readCell(checkFence(""), "check")).toMatchObject({
      severity: "error",
      max: 0,
      dependsOn: [],
      disabled: false,
    });
  });

  test("are read", () => {
    const yaml =
      "severity: warn\nmax: 5\ndescription: Every order\ntimeout: 5m\ndepends_on: [b]\ndisabled: true";
    expect(readCell(checkFence(yaml), "check")).toMatchObject({
      severity: "warn",
      max: 5,
      description: "Every order",
      timeoutMs: 300_000,
      dependsOn: ["b"],
      disabled: true,
    });
    expect(read(checkFence(yaml)).codes).toEqual([]);
  });

  test("are others than those of a cell", () => {
    expect(read(checkFence("severity: fatal\nmaterialize: csv")).codes).toEqual([
      "invalid-option",
      "unknown-key",
    ]);
  });
});

describe("format", () => {
  test("says by column how numbers are shown", () => {
    expect(options('format: {share: percent, "the amount": "EUR 0.00"}').format).toEqual({
      share: "percent",
      "the amount": "EUR 0.00",
    });
  });

  test("is refused where nobody knows it, at its place", () => {
    const wrong = problem("format: {share: percnt}");
    expect([wrong.code, wrong.at]).toEqual(["invalid-option", "percnt"]);
    expect(wrong.message).toContain('Format "percnt" is not known');
    expect(wrong.message).toContain('did you mean "percent"?');
    expect(problem("format: bytes").code).toBe("invalid-option");
  });
});
