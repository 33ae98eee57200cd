import { describe, expect, test } from "vitest";
import { isAppError } from "../../../server/base/errors.js";
import { setInFrontMatter, type Written } from "../../../server/notebook/edit-front-matter.js";

const body = "\n# Sales\n\nschedule: is a word here\n";
const file = (...lines: readonly string[]): string => ["---", ...lines, "---", ""].join("\n") + body;
const title = "title: Sales # of shops";

describe("setInFrontMatter", () => {
  test.each<[string, readonly [string, string?], Written | undefined, readonly string[], readonly string[]]>([
    ["adds a key", ["deadline"], "2h", [title], [title, "deadline: 2h"]],
    [
      "adds a map with its key",
      ["schedule", "cron"],
      "0 6 1 * *",
      [title],
      [title, 'schedule: {cron: "0 6 1 * *"}'],
    ],
    [
      "adds to a map in braces",
      ["schedule", "timezone"],
      "Europe/Madrid",
      ['schedule: { cron: "0 6 * * *" } # daily', title],
      ['schedule: { cron: "0 6 * * *", timezone: Europe/Madrid } # daily', title],
    ],
    [
      "adds to a map on lines",
      ["schedule", "after"],
      ["orders", "team/costs"],
      ["schedule:", "    # why", "    cron: 0 6 * * * # early", "", "# who", title],
      [
        "schedule:",
        "    # why",
        "    cron: 0 6 * * * # early",
        "    after: [orders, team/costs]",
        "",
        "# who",
        title,
      ],
    ],
    [
      "sets a value and keeps the comment behind it",
      ["schedule", "cron"],
      "@daily",
      ["x-own: {a: 1}", "schedule:", "  cron: '0 6 * * *'  # early", "  timezone: UTC"],
      ["x-own: {a: 1}", "schedule:", '  cron: "@daily"  # early', "  timezone: UTC"],
    ],
    [
      "sets a value that was empty",
      ["deadline"],
      "2h",
      ["deadline: # soon", title],
      ["deadline: 2h # soon", title],
    ],
    [
      "sets a list on lines",
      ["schedule", "after"],
      ["a"],
      ["schedule:", "  after:", "  - b # one", "  - c", "  cron: x"],
      ["schedule:", "  after:", "    [a]", "  cron: x"],
    ],
    [
      "sets a map that was a number",
      ["retries"],
      { max: 3, delay: "2m" },
      ["retries: 2", title],
      ["retries: {max: 3, delay: 2m}", title],
    ],
    [
      "removes a map on lines",
      ["schedule"],
      undefined,
      [title, "schedule: # monthly", "  cron: x", "  after: [a]", "# about alerts", "alerts: {to: [a@b.c]}"],
      [title, "# about alerts", "alerts: {to: [a@b.c]}"],
    ],
    ["removes the only key", ["schedule"], undefined, ["schedule: '@daily'"], []],
    [
      "removes the first of a map in braces",
      ["schedule", "cron"],
      undefined,
      ["schedule: {cron: x, after: [a], on_input: true}"],
      ["schedule: {after: [a], on_input: true}"],
    ],
    [
      "removes the last of a map in braces",
      ["schedule", "on_input"],
      undefined,
      ["schedule: {cron: x, on_input: true} # y"],
      ["schedule: {cron: x} # y"],
    ],
    ["removes nothing where nothing is", ["schedule"], undefined, [title], [title]],
    ["writes into a front matter of comments", ["deadline"], "1h", ["# later"], ["# later", "deadline: 1h"]],
    ["keeps texts texts", ["title"], "yes", ["title: x"], ['title: "yes"']],
  ])("%s", (_, path, value, before, after) => {
    expect(setInFrontMatter(file(...before), path, value)).toBe(file(...after));
    const crlf = (lines: readonly string[]): string => file(...lines).replaceAll("\n", "\r\n");
    expect(setInFrontMatter(crlf(before), path, value)).toBe(crlf(after));
  });

  test("makes a front matter where there is none, behind a byte order mark", () => {
    expect(setInFrontMatter("\uFEFF# Sales\n", ["schedule", "cron"], "@daily")).toBe(
      '\uFEFF---\nschedule: {cron: "@daily"}\n---\n\n# Sales\n',
    );
  });

  test.each([
    ["---\ntitle: [\n---\n", "fault"],
    ["---\n- a\n---\n", "fault"],
    ["---\ntitle: x\n\n```sql\nSELECT 1\n```\n", "fault"],
    ["\n---\ntitle: x\n---\n", "fault"],
    ["---\nx: &a {cron: x, after: [b]}\nschedule: *a\n---\n", "by hand"],
  ])("refuses %j", (text, words) => {
    let problem: unknown;
    try {
      setInFrontMatter(text, ["schedule", "cron"], "y");
    } catch (error) {
      problem = error;
    }
    expect(isAppError(problem) && problem.message).toContain(words);
  });
});
