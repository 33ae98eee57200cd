import { createRandom, type Random } from "../../server/workspace/sample/random.js";

/** Prints the seed that repeats what it draws: `TEST_SEED=N`. Which instant a process is at is not repeated. */
export function seededRandom(what: string): Random {
  const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 1_000_000);
  console.log(`${what}: TEST_SEED=${seed}`);
  return createRandom(seed, 1);
}
