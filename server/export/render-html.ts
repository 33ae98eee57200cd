import { setImmediate } from "node:timers/promises";
import { chartColorsCss } from "../chart/chart-colors.js";
import { describeVerdict, verdictOf } from "../notebook/verdict.js";
import {
  layOut,
  type OutlineEntry,
  type ReportBlock,
  type ReportItem,
  type ReportPart,
} from "../report/lay-out.js";
import type {
  Snapshot,
  SnapshotCell,
  SnapshotChart,
  SnapshotCheck,
  SnapshotPart,
} from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { controlToHtml } from "./control-html.js";
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
  /** Names of the controls that switch; what depends on them names their places in this list. */
  readonly controls: readonly string[];
  readonly drawings: ReadonlyMap<SnapshotChart, string>;
}

/** In characters. What would be larger shows one choice alone. */
const LARGEST = 8 * 1024 * 1024;

/** One HTML file with everything in it: the report, and folded behind it how it was made. */
export async function renderHtml(snapshot: Snapshot, options: HtmlOptions): Promise<string> {
  const whole = await renderPage(snapshot, options);
  if (whole.length <= LARGEST) return whole;
  const blocks = snapshot.blocks.map((block) => (block.type === "prose" ? block : withoutChoices(block)));
  return renderPage({ ...snapshot, blocks }, options);
}

function withoutChoices({ control, choices, ...cell }: SnapshotCell): SnapshotCell {
  if (control === undefined) return cell;
  return {
    ...cell,
    fixed: `all choices would make this page larger than ${String(LARGEST / 1024 / 1024)} MB`,
  };
}

async function renderPage(snapshot: Snapshot, options: HtmlOptions): Promise<string> {
  const { title, description, createdAt, blocks, checks } = snapshot;
  const { rowLimit, assets = readerAssets() } = options;
  const { sections, outline } = layOut(toReportBlocks(snapshot), snapshot.name);
  const controls = blocks.flatMap((block) =>
    block.type === "cell" && block.control !== undefined ? [block.name] : [],
  );
  const drawings = await drawAll(blocks, controls.length > 0);
  const scene = { rowLimit, checks, controls, drawings };
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

/** Others are served between two drawings. */
async function drawAll(
  blocks: Snapshot["blocks"],
  hasChoices: boolean,
): Promise<ReadonlyMap<SnapshotChart, string>> {
  const drawings = new Map<SnapshotChart, string>();
  for (const block of blocks) {
    if (block.type === "prose" || block.kind !== "chart") continue;
    const others = hasChoices ? (block.choices?.others ?? []) : [];
    for (const { chart } of [block, ...others]) {
      if (chart === undefined) continue;
      const { chartToHtml } = await import("./chart-html.js");
      drawings.set(chart, chartToHtml(chart, block.width));
      await setImmediate();
    }
  }
  return drawings;
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
  const nav = (look: string): string => `<nav${look} aria-label="Contents">${links.join("\n")}</nav>`;
  return `${nav(' class="report-outline"')}
<details class="report-contents"><summary>Contents</summary>${nav("")}</details>`;
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

function itemToHtml(item: ReportItem<SnapshotCell>, scene: Scene): string {
  const { name, kind, width, title, cell } = item;
  const frame = (look: string, content: string, choices = ""): string =>
    `<div class="${look}" id="${escapeHtml(name)}"${width === undefined ? "" : ` data-width="${width}"`}${choices}>${content}</div>`;
  if (kind === "input") return frame("control", controlToHtml(title, cell, scene.controls.includes(name)));
  const content = cardToHtml(item, checksOf(name, scene.checks), scene);
  if (cell.choices === undefined || scene.controls.length === 0) return frame("report-card", content);
  const { reads, key, others } = cell.choices;
  const places = reads.map((control) => scene.controls.indexOf(control)).join(" ");
  const templates = others.map(
    (part) => `<template data-key="${escapeHtml(part.key)}">${otherToHtml(item, part, scene)}</template>`,
  );
  return frame(
    "report-card",
    [content, ...templates].join("\n"),
    ` data-reads="${places}" data-key="${escapeHtml(key)}"`,
  );
}

/** What a card shows for another choice. */
function otherToHtml(item: ReportItem<SnapshotCell>, part: SnapshotPart, scene: Scene): string {
  const { staleReason, isOutdated, page, chart, error, ...rest } = item.cell;
  const { outcome, checks = [], ...other } = part;
  if (item.kind !== "check")
    return cardToHtml({ ...item, cell: { ...rest, ...other, outcome } }, checks, scene);
  const words =
    part.checks === undefined ? "It was not checked for this choice." : "It passed for this choice.";
  return cardToHtml({ ...item, cell: { ...rest, outcome } }, checks, scene, words);
}

function cardToHtml(
  { title, level, cell }: ReportItem<SnapshotCell>,
  checks: readonly SnapshotCheck[],
  scene: Scene,
  nothing = "It has not run: there is nothing to show yet.",
): string {
  const notes = [
    outdatedToHtml(cell, "old"),
    cell.error === undefined ? "" : `<p class="bad">${escapeHtml(cell.error)}</p>`,
    verdictToHtml(checks),
  ].join("");
  if (cell.chart !== undefined) return notes + figureToHtml(cell.chart, scene, level);
  const rows = cell.page === undefined ? "" : tableToHtml(cell.page, scene.rowLimit, title, cell.width);
  const isEmpty = rows === "" && notes === "";
  const content = isEmpty ? `<p>${nothing}</p>` : notes + rows;
  return `<h3 aria-level="${String(level)}">${escapeHtml(title)}</h3>${content}`;
}

function verdictToHtml(checks: readonly SnapshotCheck[]): string {
  const verdict = verdictOf(checks);
  if (verdict === undefined) return "";
  const words = describeVerdict(checks).replaceAll("`", "");
  return `<p class="${verdict === "failed" ? "bad" : "old"}">${escapeHtml(words)}</p>`;
}

function figureToHtml(chart: SnapshotChart, { drawings }: Scene, level: number): string {
  const { title, subtitle } = chart.plot;
  return [
    "<figure>",
    title === undefined ? "" : `<h3 aria-level="${String(level)}">${escapeHtml(title)}</h3>`,
    subtitle === undefined ? "" : `<p>${escapeHtml(subtitle)}</p>`,
    drawings.get(chart) ?? "",
    chart.caption === "" ? "" : `<figcaption>${escapeHtml(chart.caption)}</figcaption>`,
    "</figure>",
  ].join("");
}

/** `2026-11-22 06:00 UTC`. */
function formatTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
