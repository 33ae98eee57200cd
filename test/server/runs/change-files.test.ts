import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../../../server/base/errors.js";
import { Leases } from "../../../server/lake/leases.js";
import { ChangeFiles, type MakeFile } from "../../../server/runs/change-files.js";
import type { StepControl } from "../../../server/runs/step-control.js";

const control: StepControl = { label: "t", onCompute: () => undefined };

async function withFiles(use: (files: ChangeFiles, leases: Leases) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "lakebook-changes-"));
  const leases = new Leases();
  try {
    await use(new ChangeFiles(leases, join(home, "changes")), leases);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

test("a file is made once for all who ask, again after a failure, and is gone when the last one needs it no more", () =>
  withFiles(async (files, leases) => {
    let made = 0;
    const make: MakeFile = async (file) => {
      made++;
      await writeFile(file, "");
    };
    const fails = files.get("a", control, () => Promise.reject(new Error("no")));
    await expect(fails).rejects.toThrow("no");
    expect(files.find("a")).toBeUndefined();
    const both = [files.get("a", control, make), files.get("a", control, make)];
    const [first = "", second] = await Promise.all(both);
    expect([first, made]).toEqual([second, 1]);
    expect(await files.put("a", (file) => make(file, control))).not.toBe(first);
    const reader = leases.open(files.folder);
    await leases.remove(files.folder);
    expect(existsSync(first)).toBe(true);
    reader.release();
    await leases.settle();
    expect(existsSync(files.folder)).toBe(false);
  }));

test("who waits for a file gets it where the one that makes it is out of time or cancelled", () =>
  withFiles(async (files) => {
    const late: MakeFile = () => Promise.reject(new AppError("timeout", "too slow"));
    const stopped: MakeFile = (_file, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          reject(new AppError("cancelled", "stopped"));
        });
      });
    const make: MakeFile = (file) => writeFile(file, "");
    const slow = files.get("slow", control, late);
    slow.catch(() => undefined);
    const after = files.get("slow", control, make);
    await expect(slow).rejects.toThrow("too slow");
    expect(existsSync(await after)).toBe(true);

    const canceller = new AbortController();
    const cancelled = files.get("cancelled", { ...control, signal: canceller.signal }, stopped);
    cancelled.catch(() => undefined);
    canceller.abort();
    const then = files.get("cancelled", control, make);
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(existsSync(await then)).toBe(true);
  }));
