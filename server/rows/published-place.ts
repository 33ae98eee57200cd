import { AppError } from "../base/errors.js";
import type { Lake } from "../lake/lake.js";
import { whyMissing, type PublishedVersion } from "../lake/published.js";

/**
 * What a place shows of a dataset: `latest` (its greatest run date), a run date, or a publication of one,
 * `2026-10-01@3`. Fails with code not-found, and says what there is.
 */
export function requirePublished(lake: Lake, dataset: string, place: string): PublishedVersion {
  const found = lake.find(dataset, place);
  if (found !== undefined) return found;
  const { message, hint } = whyMissing(lake.state, dataset, place);
  throw new AppError("not-found", message, { hint: hint ?? "List what there is with: lakebook lake" });
}
