import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CheckTrend } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { renderTrend } from "./check-trend.js";
import { renderStatusMark, statusMarkStyles, type Mark } from "../styles/status-mark.js";

export interface CheckItem {
  readonly name: string;
  readonly severity: "error" | "warn";
  /** Null until it has run. */
  readonly outcome: "pass" | "warn" | "fail" | "error" | null;
  /** True number of failing rows. */
  readonly failures: number;
  /** One sentence for people. */
  readonly message: string;
  /** The cell whose rows it reads. */
  readonly cell?: string;
  /** What it came to for earlier run dates. */
  readonly trend?: CheckTrend["points"] | undefined;
  /** Failing rows were kept and can be looked at. */
  readonly hasRows?: boolean;
}

/** The user asks for the rows that fail a check. */
export class ShowFailuresEvent extends Event {
  readonly check: string;

  constructor(check: string) {
    super("show-failures", { bubbles: true, composed: true });
    this.check = check;
  }
}

const outcomes: Readonly<Record<NonNullable<CheckItem["outcome"]>, { mark: Mark; word: string }>> = {
  pass: { mark: "passed", word: "passed" },
  warn: { mark: "warned", word: "warning" },
  fail: { mark: "failed", word: "failed" },
  error: { mark: "broken", word: "could not run" },
};

/**
 * `<check-list>`: what the checks found, one line each.
 *
 * @fires show-failures - The user asks for the failing rows of `check`.
 */
@customElement("check-list")
export class CheckList extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    statusMarkStyles,
    css`
      :host {
        display: block;
        color: var(--text);
        font: var(--size-md) / var(--leading) var(--font-text);
      }

      ul {
        display: grid;
        grid-template-columns: calc(0.75rem + var(--space-3)) fit-content(45%) minmax(0, 1fr) auto auto auto;
        column-gap: var(--space-3);
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        grid-column: 1 / -1;
        display: grid;
        grid-template-columns: subgrid;
        align-items: baseline;
        min-height: 2.25rem;
        padding: 0.4375rem var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      li:last-child {
        border-bottom: 0;
      }

      .status-mark {
        align-self: start;
        margin-top: 0.2rem;
      }

      .name {
        font-family: var(--font-mono);
        font-size: var(--size-sm);
        font-variant-ligatures: none;
        overflow-wrap: anywhere;
      }

      .message {
        color: var(--text-muted);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }

      .is-bad .message {
        color: var(--text);
      }

      .word {
        display: inline-block;
        margin-left: var(--space-1);
        color: var(--text-faint);
        font-family: var(--font-text);
        font-size: var(--size-xs);
      }

      .history {
        grid-column: 4;
      }

      .count {
        grid-column: 5;
      }

      .trend {
        display: block;
        fill: var(--line-strong);
      }

      .trend .warn {
        fill: var(--status-stale);
      }

      .trend :is(.fail, .error) {
        fill: var(--status-failed);
      }

      button {
        grid-column: 6;
        margin-block: -0.25rem;
      }

      p {
        margin: 0;
        padding: var(--space-3);
        color: var(--text-muted);
      }

      .count {
        color: var(--text-muted);
        font-size: var(--size-sm);
        font-variant-numeric: tabular-nums;
        text-align: right;
      }

      @container (max-width: 34rem) {
        ul {
          grid-template-columns: calc(0.75rem + var(--space-3)) minmax(0, 1fr) auto;
        }

        li > :is(.name, .message) {
          grid-column: 2 / -1;
        }

        .count {
          grid-column: 2;
          text-align: left;
        }

        .history {
          grid-column: 3;
        }

        button {
          grid-column: 3;
          margin-block: var(--space-1) 0;
        }
      }

      :host {
        container-type: inline-size;
      }
    `,
  ];

  @property({ attribute: false }) checks: readonly CheckItem[] = [];

  protected override render(): TemplateResult {
    if (this.checks.length === 0) return html`<p>No checks</p>`;
    const sorted = [...this.checks].sort((a, b) => rank(a) - rank(b));
    return html`<ul>
      ${sorted.map((check) => this.#renderCheck(check))}
    </ul>`;
  }

  #renderCheck(check: CheckItem): TemplateResult {
    const { mark, word } = check.outcome
      ? outcomes[check.outcome]
      : { mark: "never" as const, word: "not run" };
    const isBad = check.outcome !== null && check.outcome !== "pass";
    return html`<li class=${isBad ? "is-bad" : ""}>
      ${renderStatusMark(mark, word)}
      <span class="name"
        >${nameInCell(check)}${check.severity === "warn" ? html`<span class="word">warns only</span>` : nothing}</span
      >
      <span class="message">${check.message || word}</span>
      <span class="history">${renderTrend(check.trend)}</span>
      ${isBad && check.failures > 0 ? html`<span class="count">${formatCount(check.failures, "failure")}</span>` : nothing}
      ${isBad && check.failures > 0 && check.hasRows !== false ? this.#renderButton(check) : nothing}
    </li>`;
  }

  #renderButton({ name }: CheckItem): TemplateResult {
    return html`<button
      class="outlined"
      aria-label="Show failing rows of ${name}"
      @click=${() => this.dispatchEvent(new ShowFailuresEvent(name))}
    >
      Show failing rows
    </button>`;
  }
}

/** What did not pass comes first. */
function rank({ outcome }: CheckItem): number {
  return outcome === null ? 2 : outcome === "pass" ? 1 : 0;
}

/** Without the cell, which is the one that they are shown with. */
function nameInCell({ name, cell }: CheckItem): string {
  return cell !== undefined && name.startsWith(`${cell}.`) ? name.slice(cell.length + 1) : name;
}

declare global {
  interface HTMLElementTagNameMap {
    "check-list": CheckList;
  }

  interface HTMLElementEventMap {
    "show-failures": ShowFailuresEvent;
  }
}
