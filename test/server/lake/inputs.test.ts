import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../server/base/hash.js";
import type { InputRequest } from "../../../server/lake/input-file.js";
import type { Lake } from "../../../server/lake/lake.js";
import type { PinnedInput } from "../../../server/lake/model.js";
import { openLake, withFolder, withLake, writeBelow } from "./lake-fixture.js";

function requestOf(workspace: string, path: string, more: Partial<InputRequest> = {}): InputRequest {
  return {
    absolutePath: join(workspace, path),
    path,
    snapshot: true,
    within: join(workspace, "input"),
    ...more,
  };
}

function pin(
  lake: Lake,
  workspace: string,
  path: string,
  more: Partial<InputRequest> = {},
): Promise<PinnedInput> {
  return lake.pinInput(requestOf(workspace, path, more));
}

/** Makes a file look as if it had been there for long, so that its stamp is trusted. */
function settle(path: string): void {
  const longAgo = Date.now() / 1000 - 60;
  utimesSync(path, longAgo, longAgo);
}

/** A clock that is ahead, so that files of now count as settled: a change time cannot be set. */
const ahead = { now: () => new Date(Date.now() + 60_000) };

describe("a compressed file", () => {
  const rows = "1,some text\n".repeat(20_000);
  const gzip = gzipSync(rows);
  const zstd = frame([rows.slice(0, 100_000), rows.slice(100_000)]);

  /** A zstd frame of raw blocks, of a single segment and with a checksum that nobody looks at. */
  function frame(blocks: readonly string[]): Buffer {
    const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa4, 0, 0, 0, 0]);
    head.writeUInt32LE(blocks.join("").length, 5);
    const parts = blocks.flatMap((block, index) => {
      const size = Buffer.alloc(3);
      size.writeUIntLE((block.length << 3) | (index === blocks.length - 1 ? 1 : 0), 0, 3);
      return [size, Buffer.from(block)];
    });
    return Buffer.concat([head, ...parts, Buffer.alloc(4)]);
  }

  test.each([
    ["gzip", gzip],
    ["two gzip members", Buffer.concat([gzip, gzip])],
    ["zstd", zstd],
    ["zstd behind a frame to skip", Buffer.concat([Buffer.from("502a4d1803000000616263", "hex"), zstd])],
  ])("of %s is pinned whole, and refused wherever it is cut off", (_, whole) =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a.csv.gz", whole);
      expect((await pin(lake, workspace, "input/a.csv.gz")).bytes).toBe(whole.length);
      for (const share of [0.05, 0.3, 0.9, 0.999]) {
        const end = Math.max(24, Math.floor(whole.length * share));
        // Between two members, what is left is whole.
        if (end === gzip.length) continue;
        await writeBelow(workspace, "input/b.csv.gz", whole.subarray(0, end));
        for (const snapshot of [true, false])
          await expect(pin(lake, workspace, "input/b.csv.gz", { snapshot })).rejects.toMatchObject({
            code: "input",
            message: '"input/b.csv.gz" is cut off or damaged: it cannot be decompressed to its end.',
          });
      }
    }),
  );

  test.each([
    ["zeros", Buffer.alloc(512), /512 zero bytes behind its end.*/, `truncate -s ${String(gzip.length)} `],
    ["a line", Buffer.from("end of tape\n"), /something behind its end that is not gzip/, "gzip -cd "],
    ["a line feed", Buffer.from("\n"), /something behind its end that is not gzip/, "gzip -cd "],
    ["zeros and more", Buffer.concat([Buffer.alloc(9), gzip]), /something behind its end/, "gzip -cd "],
    ["zeros up to the next read", paddedMember(), /something behind its end/, "gzip -cd "],
  ])("of whole gzip is refused with what to do where %s stands behind it", (_, behind, message, hint) =>
    withLake(async (lake, workspace) => {
      for (const whole of [gzip, Buffer.concat([gzip, gzip])]) {
        await writeBelow(workspace, "input/a.csv.gz", Buffer.concat([whole, behind]));
        const said = hint.replace(String(gzip.length), String(whole.length));
        await expect(pin(lake, workspace, "input/a.csv.gz")).rejects.toMatchObject({
          code: "input",
          message: expect.stringMatching(message) as string,
          hint: expect.stringContaining(said) as string,
        });
      }
    }),
  );

  /** What follows begins with a read of its own, as the stream of Node reads a file. */
  function paddedMember(): Buffer {
    return Buffer.concat([Buffer.alloc(64 * 1024 - (gzip.length % (64 * 1024))), gzip]);
  }

  test("that is damaged in the middle is refused", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a.csv.gz", Buffer.from(gzip).fill(0xff, 200, 220));
      await expect(pin(lake, workspace, "input/a.csv.gz")).rejects.toMatchObject({ code: "input" });
    }));
});

describe("a large copy", () => {
  const large = "x".repeat(17 * 1024 * 1024);
  const name = sha256(large);

  test("is used before it is safe on disk, and no mark is left once it is", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      await writeBelow(workspace, "input/a.json", large);
      await writeBelow(workspace, "input/b.json", large);
      const pinned = await Promise.all(
        ["input/a.json", "input/b.json"].map((path) => pin(lake, workspace, path)),
      );
      expect(pinned.map((input) => input.sha256)).toEqual([name, name]);
      expect(statSync(lake.inputFile(name)).size).toBe(large.length);
      await lake.close();
      expect(readdirSync(lake.paths.inputs)).toEqual([name]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
    }));

  test.each([
    ["stays where it is whole", large, [name]],
    ["goes where it is not", large.replace("x", "\0"), []],
  ])("that was on its way when the power failed %s", (_what, content, left) =>
    withFolder(async (workspace) => {
      await (await openLake(workspace)).close();
      await writeBelow(workspace, `data_lake/.lake/inputs/${name}`, content);
      await writeBelow(workspace, `data_lake/.lake/inputs/${name}.unsynced`, "");
      const lake = await openLake(workspace);
      expect(readdirSync(lake.paths.inputs)).toEqual(left);
      await writeBelow(workspace, "input/a.json", large);
      expect((await pin(lake, workspace, "input/a.json")).sha256).toBe(name);
      await lake.close();
      expect(readFileSync(lake.inputFile(name), "utf8") === large).toBe(true);
    }),
  );
});

describe("Lake.pinInput", () => {
  test("copies a file once per content, read-only, under the hash of its content", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a.json", "[1]");
      await writeBelow(workspace, "input/b.json", "[1]");
      const a = await pin(lake, workspace, "input/a.json");
      const b = await pin(lake, workspace, "input/b.json");
      expect(a).toEqual({ path: "input/a.json", sha256: sha256("[1]"), bytes: 3, isPinned: true });
      expect(b).toEqual({ ...a, path: "input/b.json" });
      expect(readFileSync(lake.inputFile(a.sha256), "utf8")).toBe("[1]");
      expect(statSync(lake.inputFile(a.sha256)).mode & 0o777).toBe(0o444);
      expect(readdirSync(lake.paths.inputs)).toEqual([a.sha256]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
    }));

  test.each([0, 1, 4095, 4096, 2 * 1024 * 1024 - 1, 2 * 1024 * 1024, 5 * 1024 * 1024 + 17])(
    "copies %i bytes as they are",
    (bytes) =>
      withLake(async (lake, workspace) => {
        const content = Buffer.alloc(bytes, "0123456789abcdefg");
        const absolutePath = await writeBelow(workspace, "input/a", "");
        writeFileSync(absolutePath, content);
        const input = await pin(lake, workspace, "input/a");
        expect(input).toMatchObject({ sha256: sha256(content), bytes });
        expect(readFileSync(lake.inputFile(input.sha256)).equals(content)).toBe(true);
      }),
  );

  test("copies what several ask for at once a single time", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      const all = await Promise.all([...Array(10).keys()].map(() => pin(lake, workspace, "input/a")));
      expect(new Set(all.map((input) => input.sha256)).size).toBe(1);
      expect(readdirSync(lake.paths.inputs)).toHaveLength(1);
    }));

  test("only hashes a file of a folder without snapshots", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      const input = await pin(lake, workspace, "input/a", { snapshot: false });
      expect(input).toMatchObject({ sha256: sha256("1"), isPinned: false });
      expect(readdirSync(lake.paths.inputs)).toEqual([]);
    }));

  test("follows a link that stays in the folder", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      symlinkSync("a", join(workspace, "input/link"));
      expect(await pin(lake, workspace, "input/link")).toMatchObject({ sha256: sha256("1") });
    }));
});

describe("an input that cannot be pinned", () => {
  const refused = async (lake: Lake, workspace: string, path: string, message: string): Promise<void> => {
    const error: unknown = await pin(lake, workspace, path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "input" });
    expect((error as Error).message).toContain(message);
  };

  test("is named when it does not exist", () =>
    withLake((lake, workspace) => refused(lake, workspace, "input/x.json", '"input/x.json" does not exist')));

  test("is named with its kind when it is no file", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/folder/a", "1");
      execFileSync("mkfifo", [join(workspace, "input/pipe")]);
      symlinkSync("pipe", join(workspace, "input/link-to-pipe"));
      await refused(lake, workspace, "input/folder", '"input/folder" is a folder, not a file');
      await refused(lake, workspace, "input/pipe", '"input/pipe" is a named pipe, not a file');
      await refused(
        lake,
        workspace,
        "input/link-to-pipe",
        '"input/link-to-pipe" is a named pipe, not a file',
      );
      await expect(
        lake.pinInput({ absolutePath: "/dev/zero", path: "/dev/zero", snapshot: true }),
      ).rejects.toThrow('"/dev/zero" is a device');
    }));

  test("is named when it is a socket", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(workspace, "input/socket"), resolve));
      await refused(lake, workspace, "input/socket", '"input/socket" is a socket, not a file');
      await new Promise((resolve) => server.close(resolve));
    }));

  test("is named with its target when it is a link that leads out", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      const secret = await writeBelow(workspace, "secret", "1");
      await writeBelow(workspace, "elsewhere/b", "1");
      symlinkSync("../secret", join(workspace, "input/link"));
      symlinkSync("../elsewhere", join(workspace, "input/linked-folder"));
      await refused(lake, workspace, "input/link", `leads out of its folder, to "${secret}"`);
      await refused(lake, workspace, "input/linked-folder/b", "leads out of its folder");
    }));

  test("is named when it is a link to nothing or to itself", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      symlinkSync("gone", join(workspace, "input/dangling"));
      symlinkSync("loop", join(workspace, "input/loop"));
      await refused(lake, workspace, "input/dangling", 'is a link to "gone", which does not exist');
      await refused(lake, workspace, "input/loop", '"input/loop" is a link that leads to itself');
    }));

  test("is named when it changes while it is read", () =>
    withLake(async (lake, workspace) => {
      const path = await writeBelow(workspace, "input/growing", "x".repeat(32 * 1024 * 1024));
      const pinning = pin(lake, workspace, "input/growing").catch((error: unknown) => error);
      const done = new AbortController();
      void pinning.then(() => done.abort());
      while (!done.signal.aborted) {
        appendFileSync(path, "x");
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await pinning).toMatchObject({
        code: "input",
        message: '"input/growing" changed while it was read',
      });
      expect(readdirSync(lake.paths.inputs)).toEqual([]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
    }));

  test("is read again when it changed once", () =>
    withLake(async (lake, workspace) => {
      const path = await writeBelow(workspace, "input/a", "x".repeat(32 * 1024 * 1024));
      const pinning = pin(lake, workspace, "input/a");
      await untilReading(lake);
      writeFileSync(`${path}.new`, "new");
      renameSync(`${path}.new`, path);
      expect(await pinning).toMatchObject({ sha256: sha256("new") });
    }));
});

/** The copy is under way once its file is there. */
async function untilReading(lake: Lake): Promise<void> {
  while (readdirSync(lake.paths.tmp).length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("the stamps of input files", () => {
  test("save the reading of a file that has not changed, also after a restart", () =>
    withFolder(async (workspace) => {
      const path = await writeBelow(workspace, "input/a", "1");
      const first = await openLake(workspace, ahead);
      await pin(first, workspace, "input/a");
      await first.close();
      chmodSync(path, 0o644);
      const stamps = JSON.parse(readFileSync(first.paths.stamps, "utf8")) as Record<
        string,
        { sha256: string }
      >;
      expect(stamps[path]?.sha256).toBe(sha256("1"));
    }));

  test("are believed: a known file is not read", () =>
    withFolder(async (workspace) => {
      const path = await writeBelow(workspace, "input/a", "1");
      const first = await openLake(workspace, ahead);
      await first.hashInput(requestOf(workspace, "input/a"));
      await first.close();
      const stamps = readFileSync(first.paths.stamps, "utf8");
      writeFileSync(first.paths.stamps, stamps.replace(sha256("1"), sha256("planted")));
      const second = await openLake(workspace, ahead);
      expect((await second.hashInput(requestOf(workspace, "input/a"))).sha256).toBe(sha256("planted"));
      writeFileSync(path, "2");
      expect((await second.hashInput(requestOf(workspace, "input/a"))).sha256).toBe(sha256("2"));
      await second.close();
    }));

  const putInPlace = (path: string, text: string): void => {
    writeFileSync(`${path}.new`, text);
    settle(`${path}.new`);
    renameSync(`${path}.new`, path);
  };
  const rewrite = (path: string, text: string): void => {
    writeFileSync(path, text);
    settle(path);
  };

  test.each<[string, (path: string) => void]>([
    ["other bytes with the old time", (path) => rewrite(path, "2")],
    ["another file in its place", (path) => putInPlace(path, "2")],
    ["less", (path) => truncateSync(path, 0)],
  ])("tell %s", (_name, change) =>
    withLake(async (lake, workspace) => {
      const path = await writeBelow(workspace, "input/a", "1");
      settle(path);
      await pin(lake, workspace, "input/a");
      change(path);
      expect((await pin(lake, workspace, "input/a")).sha256).toBe(sha256(readFileSync(path)));
    }, ahead),
  );

  test("are not kept of a file that changed within the last two seconds", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      await pin(lake, workspace, "input/a");
      await lake.close();
      expect(readdirSync(lake.paths.inputs)).toEqual([sha256("1")]);
    }));

  test("are ignored when the file that holds them is damaged", () =>
    withFolder(async (workspace) => {
      await writeBelow(workspace, "data_lake/.lake/inputs/stamps.json", '{"x": 1');
      await writeBelow(workspace, "input/a", "1");
      const lake = await openLake(workspace);
      expect((await pin(lake, workspace, "input/a")).sha256).toBe(sha256("1"));
      await lake.close();
    }));

  test("do not stand for a copy that is missing", () =>
    withLake(async (lake, workspace) => {
      await writeBelow(workspace, "input/a", "1");
      const { sha256: name } = await pin(lake, workspace, "input/a");
      rmSync(lake.inputFile(name));
      await pin(lake, workspace, "input/a");
      expect(readFileSync(lake.inputFile(name), "utf8")).toBe("1");
    }, ahead));
});
