import type { Verdict } from "../../server/notebook/verdict.js";
import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";

/** How a cell or a check stands. Each has its own shape, so that nobody needs to tell the colours apart. */
export type Mark =
  | "never"
  | "queued"
  | "running"
  | "succeeded"
  | "reused"
  | "stale"
  | "failed"
  | "blocked"
  | "cancelled"
  | "skipped"
  | "passed"
  | "warned"
  | "check-failed"
  | "check-warned"
  | "broken";

export interface CellStanding {
  readonly kind?: string;
  readonly status: "idle" | "queued" | "running";
  readonly outcome: "none" | "succeeded" | "reused" | "failed" | "cancelled" | "blocked" | "skipped";
  readonly isStale: boolean;
  /** Of its checks, or of the check itself. */
  readonly verdict?: Verdict | undefined;
  /** It cannot be read, whatever its last run came to. */
  readonly hasErrors?: boolean;
}

/** Returns the one mark for what a cell is doing, how it ended, whether that still holds and what its checks say, in this order. */
export function markOf({ kind, status, outcome, isStale, verdict, hasErrors }: CellStanding): Mark {
  if (hasErrors === true) return "failed";
  if (status !== "idle") return status;
  if (outcome === "none") return "never";
  const isGood = outcome === "succeeded" || outcome === "reused";
  if ((isGood || outcome === "skipped") && isStale) return "stale";
  if (isGood && kind === "check") return verdict === undefined ? "passed" : "warned";
  return isGood && verdict !== undefined ? `check-${verdict}` : outcome;
}

interface Look {
  readonly word: string;
  readonly colour: string;
  readonly shape: SVGTemplateResult;
}

const ring = svg`<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" />`;

function line(path: string): SVGTemplateResult {
  return svg`<path d=${path} fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />`;
}

function area(path: string): SVGTemplateResult {
  return svg`<path d=${path} fill="currentColor" />`;
}

const looks: Readonly<Record<Mark, Look>> = {
  never: { word: "never run", colour: "idle", shape: ring },
  queued: {
    word: "queued",
    colour: "running",
    shape: svg`<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="1.6 1.74" />`,
  },
  running: {
    word: "running",
    colour: "running",
    shape: svg`<g opacity="0.3">${ring}</g><path class="turning" d="M6 1.75a4.25 4.25 0 0 1 4.25 4.25" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" />`,
  },
  succeeded: {
    word: "up to date",
    colour: "ok",
    shape: svg`<circle cx="6" cy="6" r="4.5" fill="currentColor" />`,
  },
  reused: {
    word: "reused",
    colour: "ok",
    shape: svg`${ring}<circle cx="6" cy="6" r="2" fill="currentColor" />`,
  },
  stale: {
    word: "out of date",
    colour: "stale",
    shape: svg`${ring}${area("M6 1.75a4.25 4.25 0 0 0 0 8.5z")}`,
  },
  failed: { word: "failed", colour: "failed", shape: line("M2.5 2.5l7 7M9.5 2.5l-7 7") },
  blocked: { word: "blocked", colour: "blocked", shape: svg`${ring}${line("M3.4 6h5.2")}` },
  cancelled: { word: "cancelled", colour: "idle", shape: area("M2.5 2.5h7v7h-7z") },
  skipped: { word: "skipped", colour: "idle", shape: line("M2.5 6h7") },
  passed: { word: "passed", colour: "ok", shape: line("M2 6.4l2.8 2.8L10 3") },
  warned: {
    word: "warning",
    colour: "stale",
    shape: svg`<path d="M6 1.6l4.6 8.6H1.4z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" />${line("M6 5.2v1.7")}<circle cx="6" cy="8.7" r="0.8" fill="currentColor" />`,
  },
  "check-failed": {
    word: "check failed",
    colour: "failed",
    shape: svg`${ring}${line("M4.2 4.2l3.6 3.6M7.8 4.2l-3.6 3.6")}`,
  },
  "check-warned": { word: "check warned", colour: "stale", shape: area("M6 1.2l5 9.4H1z") },
  broken: {
    word: "could not run",
    colour: "failed",
    shape: svg`${ring}${line("M6 3.6v2.7")}<circle cx="6" cy="8.4" r="0.9" fill="currentColor" />`,
  },
};

/** Returns the words for a mark as the whole product says them. */
export function wordOf(mark: Mark): string {
  return looks[mark].word;
}

/** Returns the colour for a mark, as CSS. */
export function colourOf(mark: Mark): string {
  return `var(--status-${looks[mark].colour})`;
}

/** Returns the shape, 12 by 12, to be drawn in `currentColor` inside another picture. */
export function shapeOf(mark: Mark): SVGTemplateResult {
  return looks[mark].shape;
}

/** Draws a mark. Without a label it is decoration beside words that say the same. */
export function renderStatusMark(mark: Mark, label?: string): TemplateResult {
  return html`<svg
    class="status-mark"
    width="12"
    height="12"
    viewBox="0 0 12 12"
    style="color:${colourOf(mark)}"
    role=${label ? "img" : nothing}
    aria-label=${label ?? nothing}
    aria-hidden=${label ? nothing : "true"}
  >
    ${shapeOf(mark)}
  </svg>`;
}

/** base.css has the same for the page itself. */
export const statusMarkStyles = css`
  .status-mark {
    flex: none;
  }

  .turning {
    transform-origin: 6px 6px;
    animation: turning 1s linear infinite;
  }

  @keyframes turning {
    to {
      transform: rotate(1turn);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .turning {
      animation-duration: 4s;
    }
  }
`;
