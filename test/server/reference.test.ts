import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { commandNames, loadCommand } from "../../server/cli/main.js";
import { engineDiagnosticCodes } from "../../server/engine/engine.js";
import { graphDiagnosticCodes } from "../../server/graph/diagnostic-codes.js";
import { notebookDiagnosticCodes } from "../../server/notebook/diagnostic-codes.js";
import { sqlDiagnosticCodes } from "../../server/graph/sql-diagnostic-codes.js";
import { ruleReaders } from "../../server/notebook/check-rules.js";
import { routes } from "../../server/api/api.js";

// Tables are padded for people.
const reference = (
  await readFile(new URL("../../server/docs/reference.md", import.meta.url), "utf8")
).replace(/ +/g, " ");

describe("the reference", () => {
  test.each(
    Object.entries({
      ...notebookDiagnosticCodes,
      ...sqlDiagnosticCodes,
      ...graphDiagnosticCodes,
      ...engineDiagnosticCodes,
    }),
  )("explains the diagnostic %s", (code, meaning) => {
    expect(reference).toContain(`| \`${code}\` | ${meaning} |`);
  });

  test.each(Object.keys(ruleReaders))("lists the check %s", (kind) => {
    expect(reference).toContain(`| \`${kind}: `);
  });

  test.each(commandNames)("names the command %s and its options", async (name) => {
    expect(reference).toContain(`lakebook ${name}`);
    for (const option of Object.keys((await loadCommand(name)).options))
      expect(reference).toContain(`--${option}`);
  });

  test.each(routes.map(({ method, path }) => [method.toUpperCase(), path] as const))(
    "names the route %s %s",
    (method, path) => {
      expect(reference).toContain(`| \`${method} ${path}\` |`);
    },
  );
});
