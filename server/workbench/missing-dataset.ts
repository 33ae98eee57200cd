import type { Lake } from "../lake/lake.js";
import { whyMissing } from "../lake/published.js";
import { LakeState } from "../lake/state.js";
import { suggest } from "../text/suggest.js";

/** Why SQL finds no such dataset in the lake, and what it may have meant. */
export function missingDataset(
  lake: Lake | undefined,
  schema: string,
  name: string,
): { readonly message: string; readonly hint: string } {
  const { message, hint } = whyMissing(lake?.state ?? new LakeState(), name, schema);
  const near = suggest(name, lake?.datasetNames() ?? []);
  const guess =
    near === undefined ? "List what there is with: lakebook lake" : `Did you mean "${schema}.${near}"?`;
  return { message, hint: hint ?? guess };
}
