import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Origin, QueryLineage } from "../../../../server/engine/lineage.js";
import { lineageOf, relation } from "../../../support/lineage.js";

const folder = join(import.meta.dirname, "tpch");
const read = (file: string): string => readFileSync(join(folder, file), "utf8");

test("what feeds each column of TPC-H's 22 queries is what a person reads in them", async () => {
  const relations = read("schema.txt")
    .trim()
    .split("\n")
    .map((line) => relation(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)));
  const expected = new Map(
    sectionsOf(
      read("lineage.txt")
        .split("\n")
        .filter((line) => !line.startsWith("#"))
        .join("\n"),
    ),
  );
  const queries = [...sectionsOf(read("queries.sql").replaceAll(/^-- /gm, ""))];
  const items = queries.map(([name, sql]) => {
    const names = (expected.get(name) ?? "").split("\n").map((line) => line.slice(0, line.indexOf(":")));
    return { sql, files: [], parameters: [], columns: names.slice(0, -2) };
  });

  const found = await lineageOf({ relations, items });

  expect(queries.length).toBe(22);
  const lists = queries.map(([name], index) => [name, listOf(found[index])]);
  expect(lists).toEqual(queries.map(([name]) => [name, sorted(expected.get(name) ?? "")]));
});

/** A name alone in a line, and what stands below it. */
function sectionsOf(text: string): [string, string][] {
  return text
    .trim()
    .split(/\n\n(?=q\d+\n)/)
    .map((section) => [
      section.slice(0, section.indexOf("\n")),
      section.slice(section.indexOf("\n") + 1).trim(),
    ]);
}

function listOf(lineage: QueryLineage | undefined): string[] {
  if (lineage?.ok !== true) return [lineage === undefined ? "nothing" : lineage.reason];
  const { columns, rows, order } = lineage;
  return [...columns, { name: "rows", ...rows }, { name: "order", ...order }].map((each) => lineOf(each));
}

function lineOf({ name, columns, unknown }: Origin & { readonly name: string }): string {
  const names = [...new Set(columns.map(({ column }) => column))].sort();
  return `${name}: ${[...names, ...(unknown === undefined ? [] : [unknown])].join(" ")}`;
}

function sorted(section: string): string[] {
  return section.split("\n").map((line) => {
    const [name = "", list = ""] = line.split(":");
    return `${name}: ${list.trim().split(" ").sort().join(" ")}`;
  });
}
