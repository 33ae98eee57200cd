import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { at, notebook, useApi } from "./harness.js";

const patterns = [
  "FROM 'input/*.csv'",
  "FROM read_csv('input/*.csv', filename = false)",
  "FROM read_csv(['input/a.csv', 'input/b*.csv', 'input/l*.csv', 'input/c*.csv'])",
];
const literals = ["out.csv", "broken.csv", "pipe.csv", "folder.csv", "socket.csv"];
const shared = useApi({
  "notebooks/sales.md": notebook({
    ...Object.fromEntries(patterns.map((sql, index) => [`cell: p${String(index)}`, sql])),
    "cell: wrong": "SELECT id, nope FROM 'input/*.csv' WHERE\nnope = id",
    ...Object.fromEntries(literals.map((name, index) => [`cell: l${String(index)}`, `FROM 'input/${name}'`])),
  }),
  "input/a.csv": "id\n1\n",
  "input/b.csv": "id\n2\n",
  "input/c.csv": "id\n3\n",
});

interface Problem {
  readonly cell: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

test("a pattern leaves out what is no file of its folder, and says so; the path of one is refused", async () => {
  const { api } = shared;
  const place = (name: string): string => join(api.root, "input", name);
  writeFileSync(join(api.root, "secret.csv"), "id\n666\n");
  mkdirSync(join(api.root, "elsewhere"));
  symlinkSync(join(api.root, "secret.csv"), place("out.csv"));
  symlinkSync(join(api.root, "nothing.csv"), place("broken.csv"));
  symlinkSync(join(api.root, "elsewhere"), place("folder.csv"));
  symlinkSync("a.csv", place("link.csv"));
  execFileSync("mkfifo", [place("pipe.csv")]);
  const server = createServer().listen(place("socket.csv"));
  onTestFinished(() => void server.close());
  await once(server, "listening");

  const check = await api.json("GET", "/api/notebooks/sales");
  const diagnostics = at(check.body, "diagnostics") as Problem[];
  const wrong = diagnostics.find(({ cell, severity }) => cell === "wrong" && severity === "error");
  const lines = readFileSync(join(api.root, "notebooks/sales.md"), "utf8").split("\n");
  expect(lines[(wrong?.line ?? 0) - 1]?.slice((wrong?.column ?? 0) - 1)).toBe("nope = id");
  const of = (cell: string, severity: string): string[] =>
    diagnostics
      .filter((item) => item.cell === cell && item.severity === severity)
      .map(({ message }) => message);
  expect(diagnostics.filter(({ cell, severity }) => cell.startsWith("p") && severity === "error")).toEqual(
    [],
  );
  for (const cell of ["p0", "p1"])
    for (const name of literals)
      expect(of(cell, "warning")).toContainEqual(
        expect.stringMatching(`^"input/\\*\\.csv" leaves out what cannot be read: "input/${name}" is `),
      );
  expect(of("p2", "warning")).toEqual([expect.stringContaining('"input/broken.csv" is a link to')]);
  for (const [index, name] of literals.entries())
    expect(of(`l${String(index)}`, "error")).toEqual([expect.stringMatching(`^"input/${name}" is `)]);

  const ended = await api.run("sales", { cells: patterns.map((_, index) => `p${String(index)}`) });
  expect(ended.cells.map(({ outcome, rows }) => [outcome, rows])).toEqual([
    ["succeeded", 4],
    ["succeeded", 4],
    ["succeeded", 4],
  ]);
  for (const sql of patterns) {
    const { body } = await api.json("POST", "/api/notebooks/sales/query", { body: { sql } });
    expect(at(body, "rows"), JSON.stringify(body)).toHaveLength(4);
  }
  for (const name of literals) {
    const sql = `FROM read_csv('input/${name}')`;
    const { status, body } = await api.json("POST", "/api/notebooks/sales/query", { body: { sql } });
    expect([status, at(body, "error", "code"), at(body, "error", "message")]).toEqual([
      422,
      "input",
      expect.stringMatching(`^"input/${name}" is `),
    ]);
  }
});
