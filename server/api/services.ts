import { join } from "node:path";
import type { Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { InputView } from "../runs/run-inputs.js";
import type { Backfills } from "../operate/backfills.js";
import type { Schedules } from "../operate/schedules/schedules.js";
import type { Operation } from "../operate/operation.js";
import { RunIndex } from "../runs/run-index.js";
import type { ResultStore } from "../runs/result-store.js";
import type { RunManager } from "../runs/run-manager.js";
import type { AlertDesk } from "../operate/alerts/alert-desk.js";
import { PageCache } from "../rows/page-cache.js";
import { ProfileCache } from "../rows/profile.js";
import { Tallies } from "../rows/tallies.js";
import { FileLooks } from "../workbench/file-looks.js";
import { KeptTests } from "../workbench/tests/kept-tests.js";
import type { Workspace } from "../workspace/workspace.js";
import { EventFeed } from "./event-feed.js";
import { FreeQueries } from "./free-queries.js";
import type { Access } from "./guard.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { Presence } from "./presence.js";
import type { StaticFiles } from "./static-files.js";

/** What the process that holds the lake lends to the API. */
export interface ApiParts {
  /** Tells this server from others that come after it at the same address. */
  readonly id: string;
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly lake: Lake;
  readonly manager: RunManager;
  readonly alerts: AlertDesk;
  readonly operation: Operation;
  /** `input/` as it is now, for binding. */
  readonly view: InputView;
  readonly access: Access;
  readonly files: StaticFiles;
  readonly logger: Logger;
}

export interface ApiServices extends ApiParts {
  readonly notebooks: NotebookCache;
  readonly schedules: Schedules;
  readonly backfills: Backfills;
  readonly feed: EventFeed;
  readonly runs: RunIndex;
  readonly results: ResultStore;
  readonly profiles: ProfileCache;
  readonly pages: PageCache;
  readonly tallies: Tallies;
  readonly free: FreeQueries;
  readonly looks: FileLooks;
  readonly presence: Presence;
  readonly tests: KeptTests;
}

export function createServices(parts: ApiParts): ApiServices {
  const { manager, engine, workspace, lake, logger } = parts;
  return {
    ...parts,
    notebooks: manager.services.notebooks,
    schedules: parts.operation.schedules,
    backfills: parts.operation.backfills,
    feed: new EventFeed(manager.events, () => manager.activeRuns()),
    free: new FreeQueries(workspace, parts.access),
    looks: new FileLooks({
      ...parts,
      results: manager.services.results,
      leases: lake.leases,
      folder: join(lake.paths.tmp, "looks"),
    }),
    presence: new Presence((notebook, people) => {
      manager.events.emit(notebook, { type: "presence-changed", notebook, people });
    }),
    tests: new KeptTests(workspace),
    runs: new RunIndex(manager.store, manager.events),
    results: manager.services.results,
    profiles: new ProfileCache(engine),
    pages: new PageCache({ engine, folder: join(lake.paths.tmp, "pages"), logger, leases: lake.leases }),
    tallies: new Tallies({ engine, folder: join(lake.paths.tmp, "tallies"), logger, leases: lake.leases }),
  };
}
