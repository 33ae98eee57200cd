import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const page = await readFile(resolve(root, "server/docs/architecture.md"), "utf8");
const { forbidden } = createRequire(import.meta.url)("../dependency-cruiser.cjs") as {
  readonly forbidden: readonly { readonly name: string }[];
};

describe("the page on the architecture", () => {
  test("has the rooms in the order that the import rules know", () => {
    const told = [...page.matchAll(/^\| `(\w+)` /gm)].map(([, room]) => room);
    const rules = forbidden.flatMap(({ name }) => /^room-(\w+)$/.exec(name)?.[1] ?? []);
    expect(told).toEqual(rules);
  });

  const paths = [...page.matchAll(/`([\w./-]+\/[\w.-]+\.\w+)`/g)].map(([, path = ""]) => path);

  test.each([...new Set(paths)])("names a file that is there: %s", (path) => {
    expect([path, `server/${path}`].some((file) => existsSync(resolve(root, file)))).toBe(true);
  });
});
