import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ChangeFiles } from "../../../server/runs/change-files.js";

test("a file is made once for all who ask, again after a failure, and is gone when the last one needs it no more", async () => {
  const home = await mkdtemp(join(tmpdir(), "lakebook-changes-"));
  try {
    const files = new ChangeFiles(join(home, "changes"));
    let made = 0;
    const make = async (file: string): Promise<void> => {
      made++;
      await writeFile(file, "");
    };
    const fails = files.get("a", () => Promise.reject(new Error("no")));
    await expect(fails).rejects.toThrow("no");
    expect(files.find("a")).toBeUndefined();
    const [first, second] = await Promise.all([files.get("a", make), files.get("a", make)]);
    expect([first, made]).toEqual([second, 1]);
    expect(await files.put("a", make)).not.toBe(first);
    const release = files.hold();
    await files.close();
    expect(existsSync(first)).toBe(true);
    await release();
    expect(existsSync(join(home, "changes"))).toBe(false);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
