import { chartColorsCss } from "../chart/chart-colors.js";
import { describeVerdict, verdictOf } from "../notebook/verdict.js";
import {
  layOut,
  type OutlineEntry,
  type ReportBlock,
  type ReportItem,
  type ReportPart,
} from "../report/lay-out.js";
import type { Snapshot, SnapshotCell, SnapshotChart, SnapshotCheck } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { checksOf, madeToHtml, outdatedToHtml } from "./made-html.js";
import { htmlPolicy, readerAssets, type ReaderAssets } from "./reader-assets.js";
import { tableToHtml } from "./table-html.js";

export interface HtmlOptions {
  /** Rows of each table at most. */
  readonly rowLimit: number;
  readonly assets?: ReaderAssets;
}

interface Scene {
  readonly rowLimit: number;
  readonly checks: readonly SnapshotCheck[];
  readonly draw: (chart: SnapshotChart, width: SnapshotCell["width"]) => string;
}

/** One HTML file with everything in it: the report, and folded behind it how it was made. */
export async function renderHtml(snapshot: Snapshot, options: HtmlOptions): Promise<string> {
  const { title, description, createdAt, blocks, checks } = snapshot;
  const { rowLimit, assets = readerAssets() } = options;
  const hasChart = blocks.some((block) => block.type === "cell" && block.chart !== undefined);
  const draw = hasChart ? (await import("./chart-html.js")).chartToHtml : () => "";
  const { sections, outline } = layOut(toReportBlocks(snapshot), false);
  const scene = { rowLimit, checks, draw };
  const parts = sections.map(
    (section) =>
      `<section class="report-section">\n${section.parts.map((part) => partToHtml(part, scene)).join("\n")}\n</section>`,
  );
  const first = sections[0]?.parts[0];
  const hasHeading = first?.type === "prose" && first.html.startsWith("<h1");
  const words = description === undefined ? "" : `<p>${escapeHtml(description)}</p>`;
  const head = hasHeading
    ? ""
    : `<header class="report-title prose"><h1>${escapeHtml(title)}</h1>${words}</header>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${htmlPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="Lakebook">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${assets.style}:root{${chartColorsCss}}</style>
</head>
<body>
<div class="report">
${outlineToHtml(outline)}
<main class="report-main">
${head}
${parts.join("\n")}
${madeToHtml(snapshot)}
</main>
</div>
<footer><p>A snapshot of <b>${escapeHtml(snapshot.name)}</b>, taken ${escapeHtml(formatTime(createdAt))}. Nothing on this page is computed again. Made with Lakebook.</p></footer>
${assets.script === "" ? "" : `<script>${assets.script}</script>`}
</body>
</html>
`;
}

/** What people read who do not read SQL: checks only where they found something, no tests. */
function toReportBlocks({ blocks, checks }: Snapshot): ReportBlock<SnapshotCell>[] {
  return blocks.flatMap((block): ReportBlock<SnapshotCell>[] => {
    if (block.type === "prose") return [block];
    const { name, kind, width, title, description } = block;
    const isShown = kind === "check" ? verdictOf(checksOf(name, checks)) !== undefined : kind !== "test";
    if (!isShown) return [];
    return [{ type: "cell", name, kind, width, title: title ?? description ?? name, cell: block }];
  });
}

function outlineToHtml(outline: readonly OutlineEntry[]): string {
  if (outline.length === 0) return "<div></div>";
  const links = outline.map(
    ({ id, text, depth }) =>
      `<a href="#${encodeURIComponent(id)}" class="depth-${String(depth)}">${escapeHtml(text)}</a>`,
  );
  return `<nav class="report-outline" aria-label="Contents">${links.join("\n")}</nav>`;
}

function partToHtml(part: ReportPart<SnapshotCell>, scene: Scene): string {
  switch (part.type) {
    case "prose":
      return `<div class="prose">${part.html}</div>`;
    case "controls":
      return `<div class="report-controls">${part.items.map((item) => itemToHtml(item, scene)).join("\n")}</div>`;
    case "item":
      return itemToHtml(part.item, scene);
  }
}

function itemToHtml(
  { name, kind, width, title, level, cell }: ReportItem<SnapshotCell>,
  scene: Scene,
): string {
  const frame = (look: string, content: string): string =>
    `<div class="${look}" id="${escapeHtml(name)}"${width === undefined ? "" : ` data-width="${width}"`}>${content}</div>`;
  if (kind === "input") return frame("control", controlToHtml(title, cell));
  const own = checksOf(name, scene.checks);
  const notes = [
    outdatedToHtml(cell, "old"),
    cell.error === undefined ? "" : `<p class="bad">${escapeHtml(cell.error)}</p>`,
    verdictToHtml(own),
  ].join("");
  if (cell.chart !== undefined)
    return frame("report-card", notes + figureToHtml(cell.chart, scene, { width, level }));
  const rows = cell.page === undefined ? "" : tableToHtml(cell.page, scene.rowLimit, title);
  const isEmpty = rows === "" && notes === "";
  const content = isEmpty ? "<p>It has not run: there is nothing to show yet.</p>" : notes + rows;
  return frame("report-card", `<h3 aria-level="${String(level)}">${escapeHtml(title)}</h3>${content}`);
}

function verdictToHtml(checks: readonly SnapshotCheck[]): string {
  const verdict = verdictOf(checks);
  if (verdict === undefined) return "";
  const words = describeVerdict(checks).replaceAll("`", "");
  return `<p class="${verdict === "failed" ? "bad" : "old"}">${escapeHtml(words)}</p>`;
}

function controlToHtml(title: string, { description, value }: SnapshotCell): string {
  const more = description === undefined ? "" : `<small>${escapeHtml(description)}</small>`;
  return `<dl><dt>${escapeHtml(title)}${more}</dt><dd>${escapeHtml(valueInWords(value))}</dd></dl>`;
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueInWords).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function figureToHtml(
  chart: SnapshotChart,
  { draw }: Scene,
  { width, level }: Pick<ReportItem<unknown>, "width" | "level">,
): string {
  const { title, subtitle } = chart.plot;
  return [
    "<figure>",
    title === undefined ? "" : `<h3 aria-level="${String(level)}">${escapeHtml(title)}</h3>`,
    subtitle === undefined ? "" : `<p>${escapeHtml(subtitle)}</p>`,
    draw(chart, width),
    chart.caption === "" ? "" : `<figcaption>${escapeHtml(chart.caption)}</figcaption>`,
    "</figure>",
  ].join("");
}

/** `2026-11-22 06:00 UTC`. */
function formatTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
