import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { Lake } from "../../../server/lake/lake.js";
import { RunStore } from "../../../server/runs/run-store.js";
import { bundle } from "../../support/bundle.js";
import { seededRandom } from "../../support/seed.js";
import { builtWorker } from "../../support/with-engine.js";
import { withWorkspace } from "../../support/workspace.js";

/** More for a longer look. */
const kills = Number(process.env["SCHEDULE_KILLS"] ?? 6);
/** From the moment when the process looks at the clock: a fire is due after half of it. */
const SPAN_MS = 1200;
const script = await bundle(resolve(import.meta.dirname, "../../support/scheduled-process.ts"));

const notebook = `---
schedule: {cron: "0 6 * * *", timezone: Europe/Madrid, catch_up: all}
---

\`\`\`sql
--| cell: sales
--| materialize: parquet
SELECT $run_date AS d, range AS n FROM range(1000)
\`\`\`
`;

/** Half a minute of its clock before the fire of that day. */
function startOn(day: number): string {
  return new Date(Date.UTC(2026, 0, day, 4, 59, 30)).toISOString();
}

function begin(root: string, start: string): ChildProcess {
  return spawn(process.execPath, [script, root, start, builtWorker], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function says(child: ChildProcess, word: string): Promise<void> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream }))
    if (line === word) return;
  throw new Error(`The process ended before it said "${word}".`);
}

test(
  "kills around fire times leave exactly one run for each date, and nothing undone",
  { timeout: 120_000 + kills * 20_000 },
  () =>
    withWorkspace({ "notebooks/sales.md": notebook }, async (workspace) => {
      const random = seededRandom("fire times");
      const first = begin(workspace.root, "2025-12-31T12:00:00.000Z");
      await says(first, "ready");
      first.kill("SIGKILL");
      await once(first, "exit");
      for (let day = 1; day <= kills; day++) {
        const child = begin(workspace.root, startOn(day));
        await says(child, "ready");
        await setTimeout(random.integer(0, SPAN_MS));
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      const last = begin(workspace.root, startOn(kills + 1));
      await says(last, "idle");
      last.kill("SIGKILL");
      await once(last, "exit");

      const lake = await Lake.open(workspace.path("data_lake"), { mode: "read", logger: silentLogger });
      const published = lake.publications().map(({ runDate }) => runDate);
      const runs = await new RunStore(lake.paths.runs).summaries();
      await lake.close();
      const due = Array.from({ length: kills + 1 }, (_, day) => startOn(day + 1).slice(0, 10));
      expect(published).toEqual(due);
      expect(runs.map(({ date, outcome }) => [date, outcome]).reverse()).toEqual(
        due.map((date) => [date, "succeeded"]),
      );
    }),
);
