import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createDuckdbEngine } from "../../server/engine/duckdb/duckdb-engine.js";
import type { DuckdbEngineOptions } from "../../server/engine/duckdb/duckdb-engine.js";
import type { Engine } from "../../server/engine/engine.js";

/** The bundled worker: it starts in a third of the time that the TypeScript one needs. `ensure-build.ts` makes it. */
export const builtWorker = resolve(import.meta.dirname, "../../dist/server/worker.js");

/** Engines by name, each held to `test/integration/engine/conformance.test.ts`; `folder` is for what spills. */
export const engines: Readonly<Record<string, (folder: string) => Promise<Engine>>> = {
  duckdb: (tempFolder) => createDuckdbEngine({ tempFolder, workerScript: builtWorker }),
};

/** Runs a test with an engine and an empty folder of its own, both gone afterwards. */
export async function withEngine<T>(
  use: (engine: Engine, folder: string) => Promise<T>,
  options: Partial<DuckdbEngineOptions> = {},
): Promise<T> {
  return withFolder(async (folder) => {
    const engine = await createDuckdbEngine({
      tempFolder: join(folder, "temp"),
      workerScript: builtWorker,
      ...options,
    });
    try {
      return await use(engine, folder);
    } finally {
      await engine.close();
    }
  });
}

/** One engine and one folder for all tests of a file, for those that leave neither in a doubtful state. */
export function useEngine(options: Partial<DuckdbEngineOptions> = {}): {
  readonly engine: Engine;
  readonly root: string;
} {
  const shared = {} as { engine: Engine; root: string };
  beforeAll(async () => {
    shared.root = await createFolder();
    shared.engine = await createDuckdbEngine({
      tempFolder: join(shared.root, ".temp"),
      workerScript: builtWorker,
      ...options,
    });
  });
  afterAll(async () => {
    await shared.engine.close();
    await rm(shared.root, { recursive: true, force: true });
  });
  return shared;
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await createFolder();
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function createFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), "lakebook-engine-")));
}
