import type { CellRecord, CheckRecord } from "../../server/api/protocol.js";
import { describeVerdict, verdictOf } from "../../server/notebook/verdict.js";
import { formatCount } from "../../server/text/format.js";
import type { Standing } from "../kinds/kind.js";
import type { CellFacts } from "../store/document.js";
import type { Expected } from "../store/notebook-state.js";
import { isStale } from "../store/standing.js";
import { markOf, wordOf, type Mark } from "../styles/status-mark.js";

export type CellStanding = Standing<Mark | "none">;

interface Known {
  readonly record: CellRecord | undefined;
  readonly forecast: Expected | undefined;
  readonly checks: readonly CheckRecord[];
  readonly isOwnChoice: boolean;
  readonly isEditedMeanwhile: boolean;
}

/** How a cell that runs stands, in a sign and in words. */
export function standingOf(
  { kind, name, hasErrors }: Pick<CellFacts, "kind" | "name" | "hasErrors">,
  { record, forecast, checks, isOwnChoice, isEditedMeanwhile }: Known,
): CellStanding {
  if (hasErrors) return { mark: "failed", words: "has errors" };
  const own = kind === "check" ? checks.find((check) => check.name === name) : undefined;
  const mark = markOf({
    kind,
    status: record?.status ?? "idle",
    outcome: record?.outcome ?? "none",
    isStale: isStale(forecast, record),
    verdict: verdictOf(checks),
  });
  const word = wordOf(mark);
  const found = own === undefined ? describeVerdict(checks) : "";
  if (mark === "stale" && forecast?.isComputing === true)
    return { mark: "running", words: "computing for what you chose" };
  if (mark === "stale") return { mark, words: staleWords(forecast, found) };
  if (mark === "check-failed" || mark === "check-warned") return { mark, words: found };
  if (mark === "running" && isEditedMeanwhile) return { mark, words: "running; changed since it began" };
  if (mark === "never" || mark === "queued" || mark === "running" || mark === "succeeded")
    return { mark, words: word };
  if (mark === "reused" && isOwnChoice)
    return { mark, words: "computed for what you chose; nobody else sees it" };
  if ((mark === "failed" || mark === "warned") && own !== undefined && own.failures > 0)
    return { mark, words: `${word}: ${formatCount(own.failures, "row")}` };
  if (mark === "failed" && forecast?.failure !== undefined)
    return { mark, words: "cannot be computed for what you chose" };
  if (record?.error?.message !== undefined || record?.reason === undefined) return { mark, words: word };
  if (mark === "reused") return { mark, words: word, detail: record.reason };
  return { mark, words: mark === "blocked" ? record.reason : `${word} — ${record.reason}` };
}

function staleWords(forecast: Expected | undefined, found: string): string {
  const reason =
    forecast?.reason === undefined || forecast.reason === "" ? "what it reads changed" : forecast.reason;
  return `out of date: ${reason}${found === "" ? "" : `; ${found}`}`;
}
