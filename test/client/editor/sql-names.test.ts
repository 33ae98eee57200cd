import { describe, expect, test } from "vitest";
import { createLanguageService } from "../../../client/editor/language-service.js";
import { context, withCursor } from "./editor-context.js";

const service = createLanguageService(() => context);

describe("hover", () => {
  test.each([
    ["SELECT city|Code FROM orders", "orders.cityCode VARCHAR"],
    ["SELECT o.orderId| FROM orders o", "orders.orderId BIGINT"],
    ["SELECT |o.orderId FROM orders o", "o = orders -- cell"],
    ["SELECT 1 FROM orders AS o|", "o = orders -- cell"],
    ["SELECT 1 FROM ord|ers", "orders -- cell"],
    ["SELECT 1 FROM lake.zo|nes", "lake.zones -- dataset of the lake"],
    ["WITH a| AS (SELECT 1 AS n) FROM a", "a -- named query of this cell"],
    ["WITH a AS (SELECT 1 AS n) SELECT n| FROM a", "a.n"],
    ["WITH a AS (SELECT 1 AS n) FROM |a", "a -- named query of this cell"],
    ["SELECT date_t|runc('day', x)", "date_trunc(part, timestamp)"],
    ["SELECT $ci|ty", '$city VARCHAR = "BCN"'],
    ["SELECT (SELECT cityCode| FROM lake.zones) FROM orders", "orders.cityCode VARCHAR"],
  ])("of %j", async (marked, title) => {
    expect((await service.hover({ cellName: "x", ...withCursor(marked) }))?.title).toBe(title);
  });

  test.each([
    "SEL|ECT 1",
    "SELECT no|thing FROM orders",
    "SELECT 'orders|'",
    "-- orders|",
    "SELECT $x|",
    "|",
  ])("nothing for %j", async (marked) => {
    expect(await service.hover({ cellName: "x", ...withCursor(marked) })).toBeUndefined();
  });

  test("tells columns and description of a relation, and where it stands", async () => {
    expect(await service.hover({ cellName: "x", ...withCursor("FROM ord|ers") })).toEqual({
      span: { start: 5, end: 11 },
      title: "orders -- cell",
      columns: context.cells[0]?.columns,
      text: "The orders and their cities",
    });
  });
});

describe("definition", () => {
  test.each([
    ["FROM ord|ers", { type: "cell", cellName: "orders" }],
    ["FROM ORD|ERS", { type: "cell", cellName: "orders" }],
    ["SELECT o|.orderId FROM orders o", { type: "cell", cellName: "orders" }],
    ["SELECT city|Code FROM orders", { type: "cell", cellName: "orders" }],
    ["SELECT $ci|ty", { type: "cell", cellName: "city" }],
    ["WITH a AS (SELECT 1 AS n) FROM |a", { type: "span", span: { start: 5, end: 6 } }],
    ["WITH orders AS (SELECT 1 AS n) FROM |orders", { type: "span", span: { start: 5, end: 11 } }],
    ["SELECT $run_|date", undefined],
    ["SELECT dat|e_trunc(1, 2)", undefined],
    ["FROM lake.zo|nes", undefined],
    ["FROM unk|nown", undefined],
  ])("of %j", async (marked, expected) => {
    expect(await service.definition({ cellName: "x", ...withCursor(marked) })).toEqual(expected);
  });
});
