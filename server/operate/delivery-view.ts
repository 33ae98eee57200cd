import type { PublishEntry } from "../lake/model.js";
import type { RunRecord } from "../runs/run-record.js";

export const deliveryStatuses = ["new", "being_read", "published", "failed", "changed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A file of input/, for whoever delivered it: what became of it, and whether it may be replaced. */
export interface DeliveryView {
  /** As SQL names it. */
  readonly path: string;
  readonly bytes: number;
  /** When it came, or changed last, ISO 8601. */
  readonly at: string;
  /** `changed`: since it was published. */
  readonly status: DeliveryStatus;
  /** The status in words: "published for 2026-10-01 by run ...". */
  readonly message: string;
  readonly notebook?: string;
  readonly date?: string;
  readonly run?: string;
  /** What was published from it, for that date. */
  readonly datasets?: readonly string[];
  /** Of a failed run, what went wrong. */
  readonly reason?: string;
  /** What went wrong names another file that the run read, and not this one. */
  readonly isOfAnother?: true;
  /** It changed a moment ago: a scheduled run waits until it does no more. */
  readonly isGrowing: boolean;
  /** False while a run reads the file itself, not a copy. */
  readonly mayBeReplaced: boolean;
  /** Notebooks whose SQL names it. */
  readonly readers: readonly string[];
}

export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedMs: number;
  /** Undefined where nobody ever read a file of that path. */
  readonly sha256: string | undefined;
  readonly readers: readonly string[];
}

export interface DeliveryFacts {
  /** In the order of the log. */
  readonly publications: readonly PublishEntry[];
  /** Runs that are at work, and of each notebook and date the newest if it did not succeed; the newest first. */
  readonly records: readonly RunRecord[];
}

const GROWING_MS = 2000;

/** Pure. `now` in milliseconds since 1970. */
export function viewDelivery(file: FoundFile, facts: DeliveryFacts, now: number): DeliveryView {
  const { path, bytes, changedMs, sha256, readers } = file;
  const isSame = (input: { readonly path: string; readonly sha256: string }): boolean =>
    input.path === path && input.sha256 === sha256;
  const common = {
    path,
    bytes,
    at: new Date(changedMs).toISOString(),
    isGrowing: Math.abs(now - changedMs) < GROWING_MS,
    mayBeReplaced: true,
    readers,
  };
  const reading = facts.records.find((run) => run.isRunning && run.inputs.some(isSame));
  if (reading !== undefined) {
    const isCopied = reading.inputs.some((input) => isSame(input) && input.isPinned);
    return {
      ...common,
      ...runOf(reading),
      status: "being_read",
      message: `being read for ${reading.date} by run ${reading.id}`,
      mayBeReplaced: isCopied,
    };
  }
  const published = facts.publications.findLast(({ inputs }) => inputs.some(isSame));
  const failed = facts.records.find(
    (run) => !run.isRunning && (run.inputs.some(isSame) || isBlamed(run, file)),
  );
  if (failed !== undefined && (published === undefined || published.at < lastAttemptOf(failed))) {
    const reason = reasonOf(failed, path);
    const isOfAnother = !reason.includes(path) && failed.inputs.some((input) => reason.includes(input.path));
    const how = failed.outcome === "failed" ? "failed" : `was ${failed.outcome}`;
    const message =
      failed.outcome === "failed"
        ? `failed in run ${failed.id}${isOfAnother ? " because of another file" : ""}: ${reason}`
        : `run ${failed.id}, which read it, ${how}`;
    return {
      ...common,
      ...runOf(failed),
      status: "failed",
      reason,
      message,
      ...(isOfAnother ? { isOfAnother } : {}),
    };
  }
  if (published !== undefined)
    return {
      ...common,
      ...publicationOf(published),
      status: "published",
      message: `published for ${published.runDate} by run ${published.run}`,
    };
  const before = facts.publications.findLast(({ inputs }) => inputs.some((input) => input.path === path));
  if (before !== undefined)
    return {
      ...common,
      ...publicationOf(before),
      status: "changed",
      message: `changed since it was published for ${before.runDate} by run ${before.run}`,
    };
  const message = readers.length === 0 ? "new: no notebook reads it" : "new: no run has read it yet";
  return { ...common, status: "new", message };
}

/** A file that could not be read is in no list of inputs: the error names it. Not where it was replaced since. */
function isBlamed(run: RunRecord, { path, changedMs }: FoundFile): boolean {
  if (Date.parse(lastAttemptOf(run)) < changedMs) return false;
  return run.cells.some(({ error }) => error?.code === "input" && error.message.includes(`"${path}"`));
}

function reasonOf(run: RunRecord, path: string): string {
  const cells = run.cells.filter(({ error }) => error !== undefined);
  const cell = cells.find(({ error }) => error?.message.includes(path)) ?? cells[0];
  if (cell?.error !== undefined) return `${cell.name}: ${cell.error.message}`;
  const check = run.checks.find(({ outcome }) => outcome === "fail" || outcome === "error");
  return run.error?.message ?? (check === undefined ? run.outcome : `check ${check.name}: ${check.message}`);
}

function lastAttemptOf(run: RunRecord): string {
  const last = run.attempts.at(-1);
  return last?.finishedAt ?? last?.startedAt ?? run.createdAt;
}

function runOf({ notebook, date, id }: RunRecord): Pick<DeliveryView, "notebook" | "date" | "run"> {
  return { notebook, date, run: id };
}

function publicationOf({
  notebook,
  runDate,
  run,
  datasets,
}: PublishEntry): Pick<DeliveryView, "notebook" | "date" | "run" | "datasets"> {
  return { notebook, date: runDate, run, datasets: Object.keys(datasets).sort() };
}
