import { NotebookCache } from "../../server/analysis/notebook-cache.js";
import { join } from "node:path";
import { silentLogger } from "../../server/base/logger.js";
import { Lake } from "../../server/lake/lake.js";
import { RunManager, type RunHandle } from "../../server/runs/run-manager.js";
import type { RunRequest } from "../../server/runs/run-request.js";
import type { CellRecord, CheckRecord, RunView } from "../../server/runs/run-record.js";
import { openWorkspace } from "../../server/workspace/workspace.js";
import { distFolder } from "./cli.js";
import { useEngine } from "./with-engine.js";
import { withWorkspace, type Files, type TestWorkspace } from "./workspace.js";

/** The run date of tests that do not care. */
export const runDate = "2026-11-01";

/** Requests are for the notebook `sales` and `runDate` unless they say otherwise. */
export interface Runs {
  readonly workspace: TestWorkspace;
  readonly manager: RunManager;
  readonly lake: Lake;
  run(request?: Partial<RunRequest>): Promise<RunView>;
  materialize(request?: Partial<RunRequest>): Promise<RunView>;
  start(request?: Partial<RunRequest>): Promise<RunHandle>;
  retry(id: string): Promise<RunView>;
  /** As after a restart: whatever is not on disk is gone. */
  restart(): Promise<void>;
}

/** Runs in this process, without a command line. The engine is shared by all tests of a file. */
export function useRuns(): (files: Files, test: (runs: Runs) => Promise<void>) => Promise<void> {
  const shared = useEngine({ workerScript: join(distFolder, "server/worker.js") });
  return (files, test) =>
    withWorkspace(files, async (workspace) => {
      const open = async (): Promise<{ lake: Lake; manager: RunManager }> => {
        const opened = await openWorkspace(workspace.root);
        const lake = await Lake.open(opened.lake, { mode: "write" });
        const { engine } = shared;
        const manager = new RunManager({
          workspace: opened,
          lake,
          engine,
          notebooks: new NotebookCache(opened, engine),
          logger: silentLogger,
          concurrency: 2,
        });
        await manager.recover();
        return { lake, manager };
      };
      let current = await open();
      const close = async (): Promise<void> => {
        await current.manager.close();
        await current.lake.close();
      };
      const start = (request: Partial<RunRequest>): Promise<RunHandle> =>
        current.manager.start({ notebook: "sales", mode: "materialize", date: runDate, ...request });
      try {
        await test({
          workspace,
          get lake() {
            return current.lake;
          },
          get manager() {
            return current.manager;
          },
          run: async (request) => (await start({ mode: "run", ...request })).finished,
          materialize: async (request) => (await start({ ...request })).finished,
          start: (request = {}) => start(request),
          retry: async (id) => (await current.manager.retry(id)).finished,
          restart: async () => {
            await close();
            current = await open();
          },
        });
      } finally {
        await close();
      }
    });
}

export function cellOf(view: RunView, name: string): CellRecord {
  const cell = view.cells.find((candidate) => candidate.name === name);
  if (cell === undefined) throw new Error(`The run has no cell "${name}"`);
  return cell;
}

export function checkOf(view: RunView, name: string): CheckRecord {
  const check = view.checks.find((candidate) => candidate.name === name);
  if (check === undefined)
    throw new Error(
      `The run has no check "${name}", but ${view.checks.map((candidate) => candidate.name).join(", ")}`,
    );
  return check;
}

/** Name to outcome. */
export function outcomes(view: RunView): Record<string, string> {
  return Object.fromEntries(view.cells.map((cell) => [cell.name, cell.outcome]));
}
