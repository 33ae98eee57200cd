import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../../server/text/escape-html.js";
import { sqlToHtml } from "../../../server/export/sql-html.js";

describe("sqlToHtml", () => {
  test("colours without losing or letting through a character", () => {
    const sql = "SELECT '<b>' AS \"a&b\" -- <script>\nFROM x WHERE 1 < 2";
    const html = sqlToHtml(sql);
    expect(html).not.toMatch(/<(?!\/?span)/);
    expect(html.replace(/<[^>]*>/g, "")).toBe(escapeHtml(sql));
  });
});
