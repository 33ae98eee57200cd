import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const docs = join(root, "server/docs");
const files = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map((name) => join(root, name)),
  ...readdirSync(docs)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(docs, name)),
];
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

/** As the hosts of repositories make them. */
function anchorsOf(text: string): Set<string> {
  const titles = [...text.replace(/^(`{3,})[^]*?^\1$/gm, "").matchAll(/^#+ (.+)$/gm)];
  return new Set(
    titles.map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-"),
    ),
  );
}

describe("the documents", () => {
  test.each(files.map((file) => relative(root, file)))("%s leads to what there is", (name) => {
    const file = join(root, name);
    const prose = (texts.get(file) ?? "").replace(/^(`{3,})[^]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "");
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    for (const link of links) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : resolve(dirname(file), path);
      expect(() => readFileSync(target), `${link} in ${name}`).not.toThrow();
      if (anchor !== undefined) expect([...anchorsOf(texts.get(target) ?? "")], link).toContain(anchor);
    }
  });

  test("the page on security names tests that there are", () => {
    const named = [...(texts.get(join(docs, "security.md")) ?? "").matchAll(/`([\w./-]+\.test\.ts)`/g)];
    expect(named.length).toBeGreaterThan(30);
    for (const [, path = ""] of named)
      expect(() => readFileSync(join(root, "test", path)), path).not.toThrow();
  });

  test("the README is short", () => {
    expect(Buffer.byteLength(texts.get(join(root, "README.md")) ?? "")).toBeLessThanOrEqual(8192);
  });
});
