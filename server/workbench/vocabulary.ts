import type { Engine } from "../engine/engine.js";
import type { Vocabulary } from "../engine/verbs.js";

let known: Promise<Vocabulary> | undefined;

/** The engine's own functions and keywords; asked once. */
export function vocabularyOf(engine: Engine): Promise<Vocabulary> {
  known ??= engine.vocabulary({ label: "vocabulary", timeoutMs: 30_000 }).catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}
