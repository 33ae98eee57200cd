import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  aggregateFunctions,
  deniedFunctions,
  deniedReaderOptions,
  fileReaders,
  pureTableFunctions,
  volatileFunctions,
} from "../../../../server/engine/duckdb/parse/functions.js";
import { duckdb } from "../../../support/serialize.js";

/*
 * After an upgrade of DuckDB this test fails for each function that nobody has looked at. Read what it does: what sees
 * or changes anything but its arguments belongs into functions.ts, everything else into reviewed-functions.txt.
 */

const reviewed = new Set(
  readFileSync(new URL("reviewed-functions.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.split(/\s+/)),
);

async function column(sql: string): Promise<readonly string[]> {
  const rows = (await (await duckdb()).runAndReadAll(sql)).getRowsJson();
  return rows.map((row) => row[0] as string);
}

const functionsOfType = (...types: readonly string[]): Promise<readonly string[]> =>
  column(
    `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()
     WHERE function_type IN ('${types.join("', '")}') ORDER BY 1`,
  );

describe("functions of the installed DuckDB", () => {
  test("have all been looked at", async () => {
    const names = await functionsOfType("scalar", "aggregate", "macro");
    const unknown = names.filter(
      (name) => !reviewed.has(name) && !deniedFunctions.has(name) && !name.startsWith("icu_collate_"),
    );
    expect(unknown).toEqual([]);
    expect([...reviewed].filter((name) => deniedFunctions.has(name))).toEqual([]);
  });

  test("are refused outside of FROM if they are table functions only", async () => {
    const names = new Set(await functionsOfType("scalar", "aggregate", "macro"));
    const tableOnly = (await functionsOfType("table", "table_macro")).filter((name) => !names.has(name));
    const callable = tableOnly.filter((name) => !deniedFunctions.has(name) && !pureTableFunctions.has(name));
    expect(callable).toEqual([]);
  });

  test("are no pragmas where they are allowed after FROM", async () => {
    const pragmas = await functionsOfType("pragma", "table_macro");
    expect(pragmas.filter((name) => fileReaders.has(name) || pureTableFunctions.has(name))).toEqual([]);
  });

  test("are known as volatile where DuckDB says so", async () => {
    const names = await column(
      `SELECT DISTINCT function_name FROM duckdb_functions()
       WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')`,
    );
    const forgotten = names.filter((name) => !volatileFunctions.has(name) && !deniedFunctions.has(name));
    // It never returns a value.
    expect(forgotten).toEqual(["error"]);
  });

  test("are known as volatile where they are macros over such functions", async () => {
    const rows = await column(
      `SELECT function_name || ' ' || lower(macro_definition) FROM duckdb_functions() WHERE function_type = 'macro'`,
    );
    const forgotten = rows
      .map((row) => row.split(/[^a-z0-9_]+/))
      .filter(
        ([name = "", ...words]) =>
          !volatileFunctions.has(name) && words.some((word) => volatileFunctions.has(word)),
      )
      .map(([name]) => name);
    expect(forgotten).toEqual([]);
  });

  test("are refused where they are macros over table functions", async () => {
    const tables = new Set(await functionsOfType("table"));
    const rows = await column(
      `SELECT function_name || ' ' || lower(macro_definition) FROM duckdb_functions()
       WHERE function_type = 'macro' AND macro_definition ILIKE '% FROM %'`,
    );
    const hidden = rows
      .map((row) => row.split(/[^a-z0-9_]+/))
      .filter(([name = "", ...words]) => !deniedFunctions.has(name) && words.some((word) => tables.has(word)))
      .map(([name]) => name);
    expect(hidden).toEqual([]);
  });

  test("are known as aggregates, macros over aggregates too", async () => {
    const aggregates = await functionsOfType("aggregate");
    const macros = await column(
      `SELECT DISTINCT function_name FROM duckdb_functions()
       WHERE function_type = 'macro' AND regexp_matches(macro_definition, '\\b(sum|avg|string_agg|json_group_array)\\(')`,
    );
    expect(
      [...aggregates, ...macros, "geometric_mean"].filter((name) => !aggregateFunctions.has(name)),
    ).toEqual([]);
  });
});

describe("options of the file readers", () => {
  const harmless = new Set(
    `all_varchar allow_quoted_nulls auto_detect auto_type_candidates binary_as_string buffer_size can_have_nan columns
     column_names column_types comment compression convert_strings_to_integers dateformat date_format
     decimal_separator delim dtypes encoding escape explicit_cardinality field_appearance_threshold file_row_number
     filename files_to_sniff force_not_null format header hive_partitioning hive_types hive_types_autocast
     ignore_errors map_inference_threshold maximum_depth maximum_line_size maximum_object_size
     maximum_sample_files max_line_size names new_line normalize_names nullstr null_padding parallel parquet_version
     quote records sample_size schema sep skip strict_mode thousands timestampformat timestamp_format types
     union_by_name`.split(/\s+/),
  );

  test("have all been looked at", async () => {
    const options = await column(
      `SELECT DISTINCT unnest(parameters) FROM duckdb_functions()
       WHERE function_name IN ('${[...fileReaders].join("', '")}') ORDER BY 1`,
    );
    const unknown = options.filter(
      (name) => !harmless.has(name) && !deniedReaderOptions.has(name) && name !== "col0",
    );
    expect(unknown).toEqual([]);
  });
});
