import { Session, type Profiler } from "node:inspector/promises";

/**
 * How often the work called functions of this product: the same number on every machine, however busy. What the
 * engine of JavaScript does by itself (a search in a text, a sort) counts as one.
 */
export async function countWork(work: () => Promise<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    // What was called before counts too, up to here.
    await session.post("Profiler.takePreciseCoverage");
    await work();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    return result.filter(({ url }) => isOurs(url)).reduce((sum, script) => sum + callsOf(script), 0);
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}

function isOurs(url: string): boolean {
  return /\/(server|client)\//.test(url) && !url.includes("/node_modules/");
}

function callsOf({ functions }: Profiler.ScriptCoverage): number {
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}
