import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toDiskError } from "../../../server/base/disk-error.js";
import { makeFolder, putIfAbsent, readJsonFile, replaceFile } from "../../../server/base/durable.js";
import { withFolder } from "../lake/lake-fixture.js";

describe("putIfAbsent", () => {
  test("gives a name to one text only, and leaves nothing else", () =>
    withFolder(async (folder) => {
      const path = join(folder, "a");
      const puts = await Promise.all(
        ["1", "2", "3"].map((text) => putIfAbsent(path, text, { temporaryFolder: folder })),
      );
      expect(puts.filter((isFirst) => isFirst)).toHaveLength(1);
      expect(["1", "2", "3"]).toContain(readFileSync(path, "utf8"));
      expect(readdirSync(folder)).toEqual(["a"]);
    }));
});

describe("replaceFile", () => {
  test("writes a new file or another text, with the mode that is asked for", () =>
    withFolder(async (folder) => {
      const path = join(folder, "a");
      await replaceFile(path, "1");
      await replaceFile(path, "2", { mode: 0o600 });
      expect(readFileSync(path, "utf8")).toBe("2");
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder)).toEqual(["a"]);
    }));

  test("leaves the old text where it fails", () =>
    withFolder(async (folder) => {
      mkdirSync(join(folder, "a"));
      await expect(replaceFile(join(folder, "a"), "2")).rejects.toThrow();
      expect(readdirSync(folder)).toEqual(["a"]);
    }));
});

describe("readJsonFile", () => {
  const schema = z.object({ a: z.number() });

  test("returns undefined where there is no file", () =>
    withFolder(async (folder) => expect(await readJsonFile(join(folder, "a"), schema)).toBeUndefined()));

  test.each(["", "{", '{"a":"1"}'])("throws damaged for %j", (text) =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "a"), text);
      await expect(readJsonFile(join(folder, "a"), schema)).rejects.toMatchObject({ code: "damaged" });
    }),
  );
});

test("makeFolder makes all that is missing, and is content with what is there", () =>
  withFolder(async (folder) => {
    await makeFolder(join(folder, "a/b/c"));
    await makeFolder(join(folder, "a/b/c"));
    expect(statSync(join(folder, "a/b/c")).isDirectory()).toBe(true);
  }));

test("makeFolder may be called for the same folder by several at once", () =>
  withFolder(async (folder) => {
    await Promise.all([...Array(20).keys()].map((n) => makeFolder(join(folder, `a/b/${n % 2}`))));
    expect(readdirSync(join(folder, "a/b")).sort()).toEqual(["0", "1"]);
  }));

test("a folder that Node says has no parent may mean a full disk, and that is said", () => {
  const error = Object.assign(new Error(), { code: "ENOENT", syscall: "mkdir", path: "/a/b" });
  expect(toDiskError(error)).toMatchObject({
    code: "disk",
    message: expect.stringContaining("the disk is full, or") as string,
  });
});

describe("toDiskError", () => {
  const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: "write" });

  test.each(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EMFILE", "ENFILE"])(
    "says in words what %s is",
    (code) => {
      const error = toDiskError(systemError(code), "/lake/x");
      expect(error).toHaveProperty("code", "disk");
      expect((error as Error).message).toMatch(/^"\/lake\/x": .+ \(E[A-Z]+ in write\)$/);
      expect(error).toHaveProperty("hint");
    },
  );

  test("leaves other errors as they are", () => {
    const error = systemError("ENOENT");
    expect(toDiskError(error, "x")).toBe(error);
    expect(toDiskError("text", "x")).toBe("text");
  });
});
