import { cellKinds, isStepKind } from "../notebook/cell-kinds.js";
import { describeVerdict, verdictOf, type Verdict } from "../notebook/verdict.js";
import type { Snapshot, SnapshotCell, SnapshotCheck } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { formatCount, formatNumber } from "../text/format.js";
import { valueInWords } from "../text/value-in-words.js";
import { graphToSvg } from "./graph-svg.js";
import { signToSvg, type Sign } from "./signs.js";
import { sqlToHtml } from "./sql-html.js";

/** Each cell as it is written and how it came out, the graph and the checks: folded, for those who ask. */
export function madeToHtml(snapshot: Snapshot): string {
  const { blocks, checks, graph } = snapshot;
  const cells = blocks.flatMap((block) => (block.type === "cell" ? [cellToHtml(block, checks)] : []));
  if (cells.length === 0) return "";
  const svg = graphToSvg(graph, verdictsOf(snapshot));
  return `<details class="made"><summary>How this was made: the SQL, the graph and the checks</summary>
${shownInWords(blocks)}${svg === "" ? "" : `<section aria-label="Graph"><h3>Graph</h3><div class="graph-box" tabindex="0" role="region" aria-label="Dependency graph">${svg}</div></section>`}
${cells.join("\n")}
${checksToHtml(checks)}
</details>`;
}

/** What is told here is of one choice, whichever is shown above. */
function shownInWords(blocks: Snapshot["blocks"]): string {
  const chosen = blocks.flatMap((block) =>
    block.type === "cell" && block.control !== undefined
      ? [`${block.title ?? block.name}: ${valueInWords(block.value)}`]
      : [],
  );
  return chosen.length === 0 ? "" : `<p class="note">As it was for ${escapeHtml(chosen.join(", "))}.</p>\n`;
}

function cellToHtml(cell: SnapshotCell, checks: readonly SnapshotCheck[]): string {
  const own = checksOf(cell.name, checks);
  const { language, isRelation } = cellKinds[cell.kind];
  const isSql = language === "sql";
  const source = `<pre><code>${isSql ? sqlToHtml(cell.source) : escapeHtml(cell.source.trimEnd())}</code></pre>`;
  const tag = cell.isDataset ? "dataset" : isRelation ? "" : cell.kind === "input" ? "control" : cell.kind;
  return [
    `<section class="cell" aria-label="${escapeHtml(cell.name)}">`,
    `<header><b>${escapeHtml(cell.name)}</b>${tag === "" ? "" : `<span class="tag">${tag}</span>`}${statusToHtml(cell, own)}</header>`,
    cell.description === undefined ? "" : `<p>${escapeHtml(cell.description)}</p>`,
    outdatedToHtml(cell),
    cell.increment === undefined ? "" : `<p>${escapeHtml(cell.increment.replaceAll("`", ""))}</p>`,
    cell.error === undefined ? "" : `<p class="problem">${escapeHtml(cell.error)}</p>`,
    source,
    own.length === 0 || cell.kind === "check" ? "" : `<footer>${summaryOf(own)}</footer>`,
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

export function checksOf(name: string, checks: readonly SnapshotCheck[]): SnapshotCheck[] {
  return checks.filter((check) => (check.cell ?? check.name) === name);
}

function verdictsOf({ graph, checks }: Snapshot): ReadonlyMap<string, Verdict> {
  return new Map(
    graph.cells.flatMap(({ name }) => {
      const verdict = verdictOf(checksOf(name, checks));
      return verdict === undefined ? [] : [[name, verdict] as const];
    }),
  );
}

/** Why the rows of a cell are not what it would give now; empty where they are. */
export function outdatedToHtml({ isOutdated, staleReason }: SnapshotCell, name = "outdated"): string {
  if (isOutdated === true)
    return `<p class="${name}">The SQL has changed since these rows were computed.</p>`;
  return staleReason === undefined ? "" : `<p class="${name}">Out of date: ${escapeHtml(staleReason)}</p>`;
}

function signed(name: Sign, words: string): string {
  return `${signToSvg(name)} ${escapeHtml(words)}`;
}

const outcomes: Readonly<Record<string, readonly [sign: Sign, words: string]>> = {
  none: ["ring", "not run"],
  succeeded: ["dot", "computed"],
  reused: ["dot", "up to date"],
  failed: ["cross", "failed"],
  blocked: ["blocked", "blocked"],
};

function statusToHtml(cell: SnapshotCell, own: readonly SnapshotCheck[]): string {
  if (!isStepKind(cell.kind)) return "";
  const judged = cell.kind === "check" ? own[0] : undefined;
  if (judged !== undefined) return `<span class="status ${judged.outcome}">${wordsOf(judged)}</span>`;
  const verdict = verdictOf(own);
  const found = describeVerdict(own).replaceAll("`", "");
  const isGood = cell.outcome === "succeeded" || cell.outcome === "reused";
  const words = [
    ...(cell.staleReason !== undefined
      ? [signed("ring", "out of date")]
      : isGood && verdict !== undefined
        ? []
        : [signed(...(outcomes[cell.outcome] ?? (["ring", cell.outcome] as const)))]),
    ...(verdict === undefined ? [] : [signed(verdict === "failed" ? "cross" : "triangle", found)]),
    ...(cell.rows === undefined ? [] : [formatCount(cell.rows, "row")]),
    ...(cell.date === undefined ? [] : [escapeHtml(`run date ${cell.date}`)]),
  ];
  const current = cell.staleReason === undefined ? cell.outcome : "outdated";
  // Why it was computed, as "never run", is not how it stands.
  const why = cell.outcome === "succeeded" ? undefined : cell.reason;
  const title = why === undefined ? "" : ` title="${escapeHtml(why)}"`;
  const look = verdict === undefined ? current : `check-${verdict}`;
  return `<span class="status ${escapeHtml(look)}"${title}>${words.join(" · ")}</span>`;
}

function wordsOf({ outcome, failures }: SnapshotCheck): string {
  if (outcome === "pass") return signed("tick", "passed");
  if (outcome === "error") return signed("cross", "could not run");
  const [sign, word] =
    outcome === "warn" ? (["triangle", "warning"] as const) : (["cross", "failed"] as const);
  return signed(sign, `${word}: ${formatNumber(failures)}`);
}

function summaryOf(checks: readonly SnapshotCheck[]): string {
  const failed = checks.filter((check) => check.outcome !== "pass");
  const passed = `${String(checks.length - failed.length)} of ${String(checks.length)} checks passed`;
  return [
    passed,
    ...failed.map((check) => `<span class="${check.outcome}">${escapeHtml(check.name)}</span>`),
  ].join(" · ");
}

function checksToHtml(checks: readonly SnapshotCheck[]): string {
  if (checks.length === 0) return "";
  const items = checks.map(
    (check) =>
      `<li><b class="${check.outcome}">${wordsOf(check)}</b> <code>${escapeHtml(check.name)}</code> ${escapeHtml(check.message)}</li>`,
  );
  return `<section aria-label="Checks"><h3>Checks</h3><ul class="checks">\n${items.join("\n")}\n</ul></section>`;
}
