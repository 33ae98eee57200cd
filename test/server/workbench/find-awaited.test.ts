import { expect, test } from "vitest";
import type { NotebookCache } from "../../../server/analysis/notebook-cache.js";
import { AppError } from "../../../server/base/errors.js";
import { awaitedDiagnostics } from "../../../server/workbench/find-awaited.js";

const after: Readonly<Record<string, readonly string[]>> = {
  a: [],
  b: ["a"],
  c: ["b", "gone"],
  d: ["e"],
  e: ["f", "a"],
  f: ["d"],
  own: ["own"],
};

const frontMatterOf = (name: string) => ({
  span: { start: 0, end: 1 },
  schedule: { after: after[name] ?? [] },
});

const notebooks = {
  read: (name: string) =>
    after[name] === undefined
      ? Promise.reject(new AppError("not-found", `"${name}" does not exist.`))
      : Promise.resolve({ parsed: { notebook: { frontMatter: frontMatterOf(name) } } }),
} as unknown as NotebookCache;

test.each([
  ["b", []],
  ["c", ['The schedule waits for "gone", which does not exist.']],
  ["d", ['The schedule waits for "e", which waits for "d".']],
  ["e", ['The schedule waits for "f", which waits for "e".']],
  ["own", ['The schedule waits for "own", which waits for "own".']],
])(
  "of the notebooks that the schedule of %s waits for, it is said which never come: %j",
  async (name, messages) => {
    const analyzed = { notebook: { name, frontMatter: frontMatterOf(name) } } as never;
    expect((await awaitedDiagnostics(notebooks, analyzed)).map(({ message }) => message)).toEqual(messages);
  },
);
