import { formatCount } from "../../text/format.js";
import { escapeHtml } from "../../text/escape-html.js";
import type { AlertEvent, AlertRows } from "./alert-event.js";
import { boundLine } from "./bound-text.js";

/** A message as it is written for people. */
export interface AlertMessage {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface LinkedEvent {
  readonly event: AlertEvent;
  /** The server's address as people reach it; undefined where there is none. */
  readonly base: string | undefined;
}

/** What a message is made of, whatever it is written in. */
type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "rows"; readonly rows: AlertRows }
  | { readonly type: "link"; readonly url: string };

export function messageOf(linked: LinkedEvent): AlertMessage {
  const blocks = blocksOf(linked);
  return {
    subject: `[Lakebook] ${headlineOf(linked.event)}`,
    text: `${blocks.map(asText).join("\n\n")}\n`,
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><body>${blocks.map(asHtml).join("")}</body></html>`,
  };
}

/** `text` is shown by Slack and Teams; the rest is for programs. */
export function bodyOf(id: string, { event, base }: LinkedEvent): string {
  const { kinds: _kinds, id: _id, ...told } = event;
  const link = linkOf(event, base);
  const text = blocksOf({ event, base }).map(asText).join("\n\n");
  return bodyOfText(id, text, { ...told, ...(link !== undefined && { link }) });
}

export function bodyOfText(id: string, text: string, event: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ text: escapeChat(text), id, event });
}

/** The event in one line. */
export function headlineOf({ kind, notebook, date, cells, checks, more }: AlertEvent): string {
  const [first, ...others] = cells;
  const count = formatCount(checks.length + more, "check");
  const line = ((): string => {
    switch (kind) {
      case "failed":
        return `${notebook} failed for ${date}${first === undefined ? "" : `: ${first.name}`}${others.length === 0 ? "" : ` and ${String(others.length + more)} more`}`;
      case "check_failed":
        return `${notebook}: ${count} failed for ${date}`;
      case "warned":
        return `${notebook}: ${count} warned for ${date}`;
      case "late_data":
        return `${notebook}: late rows for ${date}`;
      case "deadline":
        return `${notebook} for ${date} is not published by its deadline`;
      case "missed":
        return `${notebook} did not run for ${date}`;
      case "recovered":
        return `${notebook} for ${date} is published, recovered`;
    }
  })();
  return boundLine(line);
}

function blocksOf({ event, base }: LinkedEvent): Block[] {
  const { error, cells, checks, notes, more, run, attempt = 1 } = event;
  const link = linkOf(event, base);
  return [
    paragraph(`${headlineOf(event)}.`),
    ...(error === undefined ? [] : told("", error.message, error.hint)),
    ...cells.flatMap(({ name, line, message, hint }) =>
      told(`Cell ${name}${line === undefined ? "" : `, line ${String(line)}`}:`, message, hint),
    ),
    ...checks.flatMap(toldCheck),
    ...notes.map(paragraph),
    ...(more === 0 ? [] : [paragraph(`And ${String(more)} more.`)]),
    ...(run === undefined
      ? []
      : [paragraph(`Run ${run}${attempt > 1 ? `, attempt ${String(attempt)}` : ""}`)]),
    ...(link === undefined ? [] : [{ type: "link" as const, url: link }]),
  ];
}

function told(head: string, message: string, hint: string | undefined): Block[] {
  return [
    ...(head === "" ? [] : [paragraph(head)]),
    { type: "code", text: message },
    ...(hint === undefined ? [] : [paragraph(hint)]),
  ];
}

function toldCheck({ name, message, failures, rows }: AlertEvent["checks"][number]): Block[] {
  const first = paragraph(`Check ${name}: ${message}`);
  if (rows === undefined || rows.rows.length === 0) return [first];
  const left = failures - rows.rows.length;
  return [
    first,
    { type: "rows", rows },
    ...(left > 0 ? [paragraph(`and ${formatCount(left, "more row", "more rows")} that failed`)] : []),
  ];
}

function paragraph(text: string): Block {
  return { type: "text", text };
}

/** The run, or where there is none the notebook. */
function linkOf({ run, notebook }: AlertEvent, base: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  return run === undefined
    ? `${base}/#/notebooks/${encodeURIComponent(notebook)}`
    : `${base}/#/runs/${encodeURIComponent(run)}`;
}

function asText(block: Block): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "link":
      return block.url;
    case "code":
      return block.text.replace(/^/gm, "  ");
    case "rows":
      return [block.rows.columns, ...block.rows.rows].map((row) => `  ${row.join(" | ")}`).join("\n");
  }
}

function asHtml(block: Block): string {
  switch (block.type) {
    case "text":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "link":
      return `<p><a href="${escapeHtml(block.url)}">${escapeHtml(block.url)}</a></p>`;
    case "code":
      return `<pre>${escapeHtml(block.text)}</pre>`;
    case "rows":
      return `<table border="1" cellpadding="4" cellspacing="0">${[
        `<tr>${block.rows.columns.map((name) => `<th>${escapeHtml(name)}</th>`).join("")}</tr>`,
        ...block.rows.rows.map(
          (row) => `<tr>${row.map((value) => `<td>${escapeHtml(value)}</td>`).join("")}</tr>`,
        ),
      ].join("")}</table>`;
  }
}

/** In Slack `<!channel>` would call everybody; Teams makes links of brackets. */
function escapeChat(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("](", "] (");
}
