import MarkdownIt from "markdown-it";
import { cellKinds, isStepKind } from "../notebook/cell-kinds.js";
import { describeVerdict, verdictOf, type Verdict } from "../notebook/verdict.js";
import type { Snapshot, SnapshotCell, SnapshotChart, SnapshotCheck } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { graphToSvg } from "./graph-svg.js";
import { htmlStyle } from "./html-style.js";
import { sqlToHtml } from "./sql-html.js";
import { formatCount, formatNumber } from "../text/format.js";
import { tableToHtml } from "./table-html.js";

export interface HtmlOptions {
  /** Rows of each table at most. */
  readonly rowLimit: number;
}

/** Neither a script nor anything from another place; the page works from a disk and from behind a link alike. */
export const HTML_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const markdown = new MarkdownIt({ html: false });
const renderLink = markdown.renderer.rules["link_open"];
// Whoever follows a link of a shared page is not told where it stood.
markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet("rel", "noopener noreferrer nofollow");
  return renderLink?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
};

// An image from elsewhere would tell its host who reads this. A policy within a file holds only where a browser heeds it.
markdown.renderer.rules["image"] = (tokens, index) => `<em>${escapeHtml(tokens[index]?.content ?? "")}</em>`;

type DrawChart = (chart: SnapshotChart) => string;

/** One HTML file with everything in it. */
export async function renderHtml(snapshot: Snapshot, options: HtmlOptions): Promise<string> {
  const { title, description, createdAt, blocks, graph, checks } = snapshot;
  const hasChart = blocks.some((block) => block.type === "cell" && block.chart !== undefined);
  const draw = hasChart ? (await import("./chart-html.js")).chartToHtml : () => "";
  const parts = blocks.map((block) =>
    block.type === "prose" ? proseToHtml(block.text) : cellToHtml(block, checks, options, draw),
  );
  const hasHeading = /^\s*<div class="prose"><h1>/.test(parts.find((part) => part !== "") ?? "");
  const svg = graphToSvg(graph, verdictsOf(snapshot));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${HTML_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="Lakebook">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${htmlStyle}</style>
</head>
<body>
<header>
${hasHeading ? "" : `<h1>${escapeHtml(title)}</h1>`}
${description === undefined || hasHeading ? "" : `<p>${escapeHtml(description)}</p>`}
</header>
<main>
${parts.join("\n")}
${svg === "" ? "" : `<section aria-label="Graph"><h2>Graph</h2><div class="graph-box" tabindex="0" role="region" aria-label="Dependency graph">${svg}</div></section>`}
${checksToHtml(checks)}
</main>
<footer>A snapshot of <b>${escapeHtml(snapshot.name)}</b>, taken ${escapeHtml(formatTime(createdAt))}. Nothing on this page is computed again. Made with Lakebook.</footer>
</body>
</html>
`;
}

function proseToHtml(text: string): string {
  return text.trim() === "" ? "" : `<div class="prose">${markdown.render(text)}</div>`;
}

function cellToHtml(
  cell: SnapshotCell,
  checks: readonly SnapshotCheck[],
  { rowLimit }: HtmlOptions,
  draw: DrawChart,
): string {
  const own = checksOf(cell.name, checks);
  const { language, isRelation } = cellKinds[cell.kind];
  const isSql = language === "sql";
  const source = `<pre><code>${isSql ? sqlToHtml(cell.source) : escapeHtml(cell.source.trimEnd())}</code></pre>`;
  const tag = cell.isDataset ? "dataset" : isRelation ? "" : cell.kind;
  return [
    `<section class="cell" aria-label="${escapeHtml(cell.name)}">`,
    `<header><b>${escapeHtml(cell.name)}</b>${tag === "" ? "" : `<span class="tag">${tag}</span>`}${statusToHtml(cell, own)}</header>`,
    cell.description === undefined ? "" : `<p>${escapeHtml(cell.description)}</p>`,
    outdatedToHtml(cell),
    cell.increment === undefined ? "" : `<p>${escapeHtml(cell.increment.replaceAll("`", ""))}</p>`,
    cell.error === undefined ? "" : `<p class="problem">${escapeHtml(cell.error)}</p>`,
    cell.chart === undefined ? "" : figureToHtml(cell.chart, draw),
    isSql ? source : `<details><summary>YAML</summary>${source}</details>`,
    cell.page === undefined ? "" : tableToHtml(cell.page, rowLimit),
    own.length === 0 || cell.kind === "check" ? "" : `<footer>${summaryOf(own)}</footer>`,
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function checksOf(name: string, checks: readonly SnapshotCheck[]): SnapshotCheck[] {
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

function outdatedToHtml({ isOutdated, staleReason }: SnapshotCell): string {
  if (isOutdated === true)
    return `<p class="outdated">The SQL has changed since these rows were computed.</p>`;
  return staleReason === undefined ? "" : `<p class="outdated">Out of date: ${escapeHtml(staleReason)}</p>`;
}

function figureToHtml(chart: SnapshotChart, draw: DrawChart): string {
  const { title, subtitle } = chart.plot;
  return [
    "<figure>",
    title === undefined ? "" : `<h3>${escapeHtml(title)}</h3>`,
    subtitle === undefined ? "" : `<p>${escapeHtml(subtitle)}</p>`,
    draw(chart),
    chart.caption === "" ? "" : `<figcaption>${escapeHtml(chart.caption)}</figcaption>`,
    "</figure>",
  ].join("");
}

const outcomes: Readonly<Record<string, string>> = {
  none: "○ not run",
  succeeded: "● computed",
  reused: "● up to date",
  failed: "✕ failed",
  blocked: "⊘ blocked",
};

const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = { failed: "✕", warned: "△" };

function statusToHtml(cell: SnapshotCell, own: readonly SnapshotCheck[]): string {
  if (!isStepKind(cell.kind)) return "";
  const judged = cell.kind === "check" ? own[0] : undefined;
  if (judged !== undefined) return `<span class="status ${judged.outcome}">${wordsOf(judged)}</span>`;
  const verdict = verdictOf(own);
  const found = describeVerdict(own).replaceAll("`", "");
  const isGood = cell.outcome === "succeeded" || cell.outcome === "reused";
  const words = [
    ...(cell.staleReason !== undefined
      ? ["○ out of date"]
      : isGood && verdict !== undefined
        ? []
        : [outcomes[cell.outcome] ?? cell.outcome]),
    ...(verdict === undefined ? [] : [`${VERDICT_SIGNS[verdict]} ${found}`]),
    ...(cell.rows === undefined ? [] : [formatCount(cell.rows, "row")]),
    ...(cell.date === undefined ? [] : [`run date ${cell.date}`]),
  ];
  const current = cell.staleReason === undefined ? cell.outcome : "outdated";
  const look = verdict === undefined ? current : `check-${verdict}`;
  return `<span class="status ${escapeHtml(look)}" title="${escapeHtml(cell.reason ?? "")}">${escapeHtml(words.join(" · "))}</span>`;
}

function wordsOf({ outcome, failures }: SnapshotCheck): string {
  if (outcome === "pass") return "✓ passed";
  if (outcome === "error") return "✕ could not run";
  return `${outcome === "warn" ? "△ warning" : "✕ failed"}: ${formatNumber(failures)}`;
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
  return `<section aria-label="Checks"><h2>Checks</h2><ul class="checks">\n${items.join("\n")}\n</ul></section>`;
}

/** `2026-11-22 06:00 UTC`. */
function formatTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
