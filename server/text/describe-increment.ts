import { formatCount, formatNumber } from "./format.js";

/** What is told of a dataset with `incremental`, as `--json` has it. */
interface Increment {
  readonly mode: "by_key" | "by_partition" | "full" | "unchanged";
  readonly by?: "key" | "partition" | undefined;
  readonly since?: string | undefined;
  readonly reason?: string | undefined;
  readonly isCopied?: boolean | undefined;
  readonly rows: { readonly added: number; readonly changed: number; readonly removed: number };
  readonly late: { readonly rows: number; readonly keys: number; readonly oldest?: string | undefined };
  readonly partitions: { readonly written: number; readonly linked: number; readonly removed: number };
}

/**
 * One sentence on how a dataset differs from that of the run date before: "133 late rows restated 111 keys; 97 new, 55
 * changed". Names stand between backticks, as in the reasons.
 */
export function describeIncrement(increment: Increment): string {
  const { mode, reason, since, isCopied = false } = increment;
  if (mode === "unchanged") return `unchanged${since === undefined ? "" : ` since ${since}`}`;
  const told = [...describeLate(increment), describeRows(increment)].join("; ");
  if (since === undefined) return `no earlier run date: ${told}`;
  if (mode !== "full" || reason === undefined) return told;
  return isCopied ? `${told} (${reason}; other rows are copied)` : `${told} (whole rebuild: ${reason})`;
}

/** Returns "2 partitions written, 34 kept"; nothing where there is but one. */
export function describeWritten({ partitions }: Pick<Increment, "partitions">): string {
  const { written, linked, removed } = partitions;
  if (written + linked + removed <= 1) return "";
  const [first = "", ...others] = listCounts({ written, kept: linked, removed });
  const count = [written, linked, removed].find((each) => each > 0) ?? 0;
  return [first.replace(" ", count === 1 ? " partition " : " partitions "), ...others].join(", ");
}

function describeLate({ by, late }: Increment): string[] {
  if (late.rows === 0) return [];
  const oldest = late.oldest === undefined ? "" : ` (the oldest of ${dayOf(late.oldest)})`;
  return [
    `${formatCount(late.rows, "late row")}${oldest} restated ${formatCount(late.keys, by === "partition" ? "partition" : "key")}`,
  ];
}

function describeRows({ rows: { added, changed, removed } }: Increment): string {
  return listCounts({ new: added, changed, removed }).join(", ") || "no row differs";
}

function listCounts(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([word, count]) =>
    count === 0 ? [] : [`${formatNumber(count)} ${word}`],
  );
}

/** Of a date with a time, the day tells how old it is. */
function dayOf(text: string): string {
  return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? text;
}
