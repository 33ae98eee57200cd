import { describe, expect, test } from "vitest";
import { frontMatter, marked, read } from "./read-notebook.js";

function parse(yaml: string) {
  return read(frontMatter(yaml)).notebook.frontMatter;
}

function parameters(yaml: string) {
  return parse(`parameters:\n${yaml}`).parameters;
}

describe("front matter", () => {
  test("has defaults where there is none", () => {
    expect(read("# Title\n").notebook.frontMatter).toMatchObject({ parameters: [], retries: { max: 0 } });
  });

  test("is read", () => {
    expect(parse("title: T\ndescription: D\nretries: 2\ntimeout: 1h")).toMatchObject({
      title: "T",
      description: "D",
      retries: { max: 2, delayMs: 500 },
      timeoutMs: 3_600_000,
    });
  });

  test("knows where its YAML stands", () => {
    const { frontMatter, source } = read("\uFEFF---\r\ntitle: T\r\n---\r\nProse").notebook;
    expect(source.slice(frontMatter.span!)).toBe("title: T\r\n");
  });

  test("may be empty", () => {
    expect(read("---\n---\nProse").codes).toEqual([]);
    expect(read("---\n# nothing yet\nparameters:\n---\n").codes).toEqual([]);
  });

  test("ends before the first fence at the latest, so that it hides no cell", () => {
    const { notebook, codes } = read("---\ntitle: T\n\n```sql\n--| cell: a\nSELECT 1\n```\n---\n");
    expect(notebook.cells).toHaveLength(1);
    expect(codes).toEqual(["unclosed-front-matter"]);
  });

  test("counts on the first line only", () => {
    expect(read("\n---\nretries: 1\n---\n").codes).toEqual(["misplaced-front-matter"]);
    expect(read("\n---\nA thematic break.\n").codes).toEqual([]);
  });

  test.each([
    ["titel: T", "unknown-key", "titel"],
    ["title: [T]", "invalid-option", "[T]"],
    ["- a", "invalid-yaml", "- a"],
    ["just text", "invalid-yaml", "just text"],
    ["title: 'T", "invalid-yaml", "T\n"],
    ["parameters: [a]", "invalid-parameter", "[a]"],
  ])("reports %j", (yaml, code, at) => {
    const text = frontMatter(yaml);
    expect(read(text).codes[0]).toBe(code);
    if (code !== "invalid-yaml") expect(marked(text)[0]).toBe(at);
  });

  test("is harmless as an alias bomb", () => {
    const lines = Array.from("bcdefghi").map(
      (name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]`,
    );
    const { codes } = read(
      frontMatter(["a: &a [x, x, x, x, x, x, x, x, x]", ...lines, "parameters: *i"].join("\n")),
    );
    expect(codes).toContain("yaml-limit");
  });

  test.each([
    ["nested too deep", `a: ${"[".repeat(500)}`],
    ["nested too deep in blocks", `a:\n  ${"- ".repeat(500)}`],
    ["too long", `a: ${"x".repeat(200_000)}`],
  ])("is refused where it is %s", (_, yaml) => {
    expect(read(frontMatter(yaml)).codes).toEqual(["yaml-limit"]);
  });
});

describe("parameters of the front matter", () => {
  test.each([
    [
      "  p: {type: string, default: Courier App}",
      { type: "string", isList: false, defaultValue: "Courier App" },
    ],
    ["  p: Courier App", { type: "string", defaultValue: "Courier App" }],
    ["  p: {type: string, default: 08001}", { type: "string", defaultValue: "08001" }],
    ["  p: {type: string}", { type: "string", defaultValue: null }],
    ["  p: 5", { type: "integer", defaultValue: 5 }],
    ["  p: 9223372036854775807", { type: "integer", defaultValue: "9223372036854775807" }],
    [
      "  p: {type: integer, default: [-9007199254740993, '8']}",
      { isList: true, defaultValue: ["-9007199254740993", 8] },
    ],
    ["  p: 0.5", { type: "number", defaultValue: 0.5 }],
    ["  p: {type: number, default: 5}", { type: "number", defaultValue: 5 }],
    ["  p: true", { type: "boolean", defaultValue: true }],
    ["  p: 2026-10-01", { type: "date", defaultValue: "2026-10-01" }],
    ['  p: "2026-10-01"', { type: "string", defaultValue: "2026-10-01" }],
    ["  p: 2026-10-01T06:00:00+02:00", { type: "timestamp", defaultValue: "2026-10-01 04:00:00" }],
    [
      "  p: {default: 5, description: How many}",
      { type: "integer", defaultValue: 5, description: "How many" },
    ],
    ["  p: {type: string, multiple: true, default: [a, b]}", { isList: true, defaultValue: ["a", "b"] }],
    ["  p: {type: string, multiple: true, default: a}", { isList: true, defaultValue: ["a"] }],
    ["  p: {type: string, multiple: true}", { isList: true, defaultValue: [] }],
    ["  p: [1, 2.5]", { type: "number", isList: true, defaultValue: [1, 2.5] }],
  ])("read %s", (yaml, expected) => {
    expect(parameters(yaml)).toMatchObject([{ name: "p", ...expected }]);
    expect(read(frontMatter(`parameters:\n${yaml}`)).codes).toEqual([]);
  });

  test.each([
    ["  p: {type: text}", "invalid-option", "text"],
    ["  p: {description: D}", "invalid-parameter", "{description: D}"],
    ["  p: {type: date, default: 2026-02-30}", "invalid-parameter", "2026-02-30"],
    ["  p: 2026-02-30", "invalid-parameter", "2026-02-30"],
    ["  p: {type: integer, default: 1.5}", "invalid-parameter", "1.5"],
    ["  p: 99999999999999999999", "invalid-parameter", "99999999999999999999"],
    ["  p: {type: boolean, default: yes}", "invalid-parameter", "yes"],
    ["  p: {type: string, defualt: a}", "unknown-key", "defualt"],
    ["  P: 1", "invalid-name", "P"],
    ["  run_date: 2026-01-01", "reserved-name", "run_date"],
    ["  p: 1\n  p: 2", "duplicate-key", "p"],
  ])("report %j", (yaml, code, at) => {
    const text = frontMatter(`parameters:\n${yaml}`);
    expect(read(text).codes).toEqual([code]);
    expect(marked(text)).toEqual([at]);
  });

  test("are normalised to NFC", () => {
    expect(parameters("  p: Cafe\u0301")).toMatchObject([{ defaultValue: "Café" }]);
  });
});

describe("schedule", () => {
  test.each([
    [
      'schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid, catch_up: all}',
      { cron: "0 6 1 * *", timezone: "Europe/Madrid", catchUp: "all" },
    ],
    ['schedule: "@daily"', { cron: "@daily", timezone: "UTC", catchUp: "latest" }],
    ['schedule: {cron: "0 0 29 2 *"}', { cron: "0 0 29 2 *" }],
    ['schedule: {cron: "@daily", overlap: skip, on_input: true}', { overlap: "skip", onInput: true }],
    ["schedule: {on_input: input/a.csv}", { onInput: ["input/a.csv"], overlap: "queue" }],
    ["schedule: {after: [orders, team/riders]}", { after: ["orders", "team/riders"] }],
  ])("reads %s", (yaml, expected) => {
    expect(parse(yaml).schedule).toMatchObject(expected);
    expect(read(frontMatter(yaml)).codes).toEqual([]);
  });

  test.each([
    ['schedule: {cron: "0 6 1 * * *"}', "invalid-schedule", '"0 6 1 * * *"'],
    ['schedule: {cron: "61 * * * *"}', "invalid-schedule", '"61 * * * *"'],
    ['schedule: {cron: "0 0 30 2 *"}', "invalid-schedule", '"0 0 30 2 *"'],
    ['schedule: {cron: "* * 1#2 * *"}', "invalid-schedule", '"* * 1#2 * *"'],
    ["schedule: tomorrow", "invalid-schedule", "tomorrow"],
    ["schedule: 2026-01-01T00:00:00", "invalid-schedule", "2026-01-01T00:00:00"],
    ['schedule: {cron: "@daily", timezone: Europe/Madird}', "invalid-schedule", "Europe/Madird"],
    ['schedule: {cron: "@daily", catch_up: some}', "invalid-option", "some"],
    ["schedule: {timezone: UTC}", "missing-option", "{timezone: UTC}"],
    ["schedule: {timezone: UTC, on_input: false}", "missing-option", "{timezone: UTC, on_input: false}"],
    ["schedule: {on_input: [input/../x]}", "invalid-schedule", "[input/../x]"],
    ['schedule: {cron: "@daily", overlap: cancel}', "invalid-option", "cancel"],
    ['schedule: {cron: "@daily", every: 1}', "unknown-key", "every"],
  ])("reports %s", (yaml, code, at) => {
    const text = frontMatter(yaml);
    expect(read(text).codes).toEqual([code]);
    expect(marked(text)).toEqual([at]);
  });

  test("finds the time zone that was meant", () => {
    const { diagnostics } = read(frontMatter('schedule: {cron: "@daily", timezone: Europe/Madird}'));
    expect(diagnostics[0]?.hint).toBe('Did you mean "Europe/Madrid"?');
  });
});

describe("alerts", () => {
  test("are read, with what people usually want to know", () => {
    expect(parse("alerts: {to: data@example.com}").alerts).toEqual({
      to: ["data@example.com"],
      webhooks: [],
      on: ["failed", "check_failed", "deadline", "missed", "recovered"],
    });
    expect(parse("alerts:\n  webhook: https://h.example.com/x\n  on: [recovered, failed]").alerts).toEqual({
      to: [],
      webhooks: ["https://h.example.com/x"],
      on: ["failed", "recovered"],
    });
  });

  test.each([
    ["alerts: yes", "invalid-option", "yes"],
    ["alerts: {on: failed}", "missing-option", "{on: failed}"],
    [
      "alerts: {to: [a@b.example, 'x@y.example, z@y.example']}",
      "invalid-option",
      "'x@y.example, z@y.example'",
    ],
    [
      'alerts: {to: "a@b.example\\r\\nBcc: c@d.example"}',
      "invalid-option",
      '"a@b.example\\r\\nBcc: c@d.example"',
    ],
    ["alerts: {webhook: 'file:///etc/passwd'}", "invalid-option", "'file:///etc/passwd'"],
    ["alerts: {webhook: 'https://u:p@h.example'}", "invalid-option", "'https://u:p@h.example'"],
    ["alerts: {to: a@b.example, on: [faild]}", "invalid-option", "faild"],
    ["alerts: {to: a@b.example, When: failed}", "unknown-key", "When"],
  ])("reports %j", (yaml, code, at) => {
    const text = frontMatter(yaml);
    expect(read(text).codes).toEqual([code]);
    expect(marked(text)).toEqual([at]);
  });
});
