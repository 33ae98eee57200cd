import { createDuckdbEngine } from "../../../../server/engine/duckdb/duckdb-engine.js";
import { childrenOf } from "./processes.js";
import { watchProgress } from "../scope.js";

// A process that has workers, busy and idle, and waits to be killed.

const [root = "", workerScript = ""] = process.argv.slice(2);
const engine = await createDuckdbEngine({ tempFolder: `${root}/temp`, workerScript });
const scope = { root, readable: [], relations: [], parameters: [] };
await engine.query({ scope, sql: "SELECT 1", limit: 1 }, { label: "warm" });
const endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7";
const [first, second] = [watchProgress(), watchProgress()];
const running = engine.query(
  { scope, sql: endless, limit: 1 },
  { label: "endless", onProgress: first.onProgress },
);
const deaf = engine.query(
  { scope, sql: "SELECT repeat('9', 3000000)::BIGNUM", limit: 1 },
  { label: "deaf", onProgress: second.onProgress },
);
await Promise.all([first.isAtWork, second.isAtWork]);
process.stdout.write(`${JSON.stringify(childrenOf(process.pid))}\n`);
await Promise.allSettled([running, deaf]);
