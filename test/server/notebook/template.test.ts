import { describe, expect, test } from "vitest";
import { starterNotebook } from "../../../server/notebook/template.js";
import { read } from "./read-notebook.js";

describe("starterNotebook", () => {
  test("is a notebook without a diagnostic", () => {
    const { notebook, codes } = read(starterNotebook('Orders: "all" # of them'));
    expect(codes).toEqual([]);
    expect(notebook.title).toBe('Orders: "all" # of them');
    expect(notebook.cells.map((cell) => [cell.kind, cell.name])).toEqual([
      ["sql", "numbers"],
      ["check", "numbers_has_rows"],
    ]);
  });

  test("reads the given files, each under a name of its own", () => {
    const { notebook, codes } = read(
      starterNotebook("T", [
        "input/Orders 2020.csv",
        "input/a/orders_2020.json",
        "input/it's.parquet",
        "latest.csv",
      ]),
    );
    expect(codes).toEqual([]);
    expect(notebook.cells.map((cell) => cell.name)).toEqual([
      "orders_2020",
      "orders_2020_2",
      "it_s",
      "latest_2",
      "orders_2020_has_rows",
    ]);
    expect(notebook.source.text).toContain("FROM 'input/it''s.parquet'");
  });
});
