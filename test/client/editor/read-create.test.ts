import { expect, test } from "vitest";
import { readCreate } from "../../../client/editor/read-create.js";

test.each([
  ["CREATE TABLE orders AS SELECT 1 AS n;", "orders", "SELECT 1 AS n", true],
  ['create or replace temp view main."My View" as\nFROM x -- why\n', "my_view", "FROM x -- why", false],
  ["CREATE TEMP TABLE t AS SELECT 1", "t", "SELECT 1", false],
  ["-- orders\nCREATE TABLE IF NOT EXISTS 'o' AS SELECT 1", undefined, undefined, undefined],
  ["-- of a day\nCREATE TABLE o AS (SELECT ';' AS s);\n", "o", "-- of a day\n(SELECT ';' AS s)", true],
  ["CREATE TABLE o (n INTEGER)", undefined, undefined, undefined],
  ["CREATE TABLE o AS SELECT 1; SELECT 2", undefined, undefined, undefined],
  ["CREATE MACRO m() AS 1", undefined, undefined, undefined],
  ["SELECT 1", undefined, undefined, undefined],
])("%j", (sql, name, query, isStored) => {
  expect(readCreate(sql)).toEqual(name === undefined ? undefined : { name, query, isStored });
});
