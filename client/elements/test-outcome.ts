import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatDuration } from "../../server/text/format.js";
import type { CellFacts } from "../store/document.js";
import type { CellTest, TestResult } from "../store/tests.js";
import { renderRows, renderValue, type ShownRow } from "./rows-table.js";
import { renderStatusMark, type Mark } from "../styles/status-mark.js";

const NOTHING_YET = "\u00a0";

type Differences = NonNullable<TestResult["differences"]>;

const outcomes: Readonly<Record<TestResult["outcome"], readonly [mark: Mark, word: string]>> = {
  passed: ["passed", "passed"],
  failed: ["failed", "failed"],
  error: ["broken", "could not be run"],
};

/** What became of a test, at its cell, or of the tests of a cell, there. Before that is known it has its room. */
export function renderTests(
  { kind }: Pick<CellFacts, "kind">,
  tests: readonly CellTest[],
  goTo: (cell: string) => void,
): TemplateResult | typeof nothing {
  const [first] = tests;
  if (first === undefined) return nothing;
  return kind === "test" ? renderOutcome(first) : renderSummary(tests, goTo);
}

function renderOutcome({ shown, isOld }: CellTest): TemplateResult {
  const { result, isRunning = false } = shown ?? {};
  if (result === undefined)
    return html`<p class="test-outcome" role="status">
      ${isRunning ? "running …" : shown === undefined ? NOTHING_YET : "not run yet"}
    </p>`;
  const [mark, word] = outcomes[result.outcome];
  return html`<section
    class="test-outcome ${result.outcome} ${isOld || isRunning ? "old" : ""}"
    aria-label="Outcome of ${result.name}"
  >
    <p role="status">
      <b>${renderStatusMark(mark)} ${word}</b>
      <span class="muted">${formatDuration(result.durationMs)}${since({ isOld, isRunning })}</span>
      ${result.message ?? ""}
      ${result.hint === undefined ? nothing : html`<span class="hint">${result.hint}</span>`}
    </p>
    ${result.differences === undefined ? nothing : renderDifferences(result.differences)}
  </section>`;
}

/** What else is to be known of an outcome. */
function since({ isOld, isRunning }: { readonly isOld: boolean; readonly isRunning: boolean }): string {
  if (isRunning) return ", running again …";
  return isOld ? ", before the text was changed" : "";
}

function renderSummary(tests: readonly CellTest[], goTo: (cell: string) => void): TemplateResult {
  const known = tests.flatMap(({ shown, isOld }) =>
    shown?.result === undefined ? [] : [{ result: shown.result, isOld }],
  );
  const isRunning = tests.some(({ shown }) => shown?.isRunning === true);
  if (known.length === 0 && !isRunning)
    return html`<p class="tests" role="status">
      ${tests.some(({ shown }) => shown !== undefined) ? `${formatCount(tests.length, "test")}, not run yet` : NOTHING_YET}
    </p>`;
  const failed = known.filter(({ result }) => result.outcome !== "passed");
  const isOld = known.some((test) => test.isOld);
  return html`<p
    class="tests ${failed.length > 0 ? "failed" : "passed"} ${isOld || isRunning ? "old" : ""}"
    role="status"
  >
    ${String(known.length - failed.length)} of ${String(tests.length)}
    ${tests.length === 1 ? "test passes" : "tests pass"}${isRunning ? ", running …" : since({ isOld, isRunning })}
    ${failed.map(
      ({ result }) =>
        html`<button
            @click=${() => {
              goTo(result.name);
            }}
          >
            ${result.name}
          </button>
          ${result.message ?? "failed"}`,
    )}
  </p>`;
}

/** Each row beside what was expected of it. */
function renderDifferences({
  columns,
  missing,
  unexpected,
  changed,
  isOrderOnly,
}: Differences): TemplateResult {
  const head = (label: string): TemplateResult => html`<th scope="row">${label}</th>`;
  const whole = (label: string, mark: string, row: readonly unknown[]): ShownRow => ({
    head: head(label),
    values: row.map((value) => ({ content: renderValue(value), mark })),
  });
  const rows = [
    ...changed.map(({ expected, actual, columns: names }): ShownRow => ({
      head: head(isOrderOnly ? "in another place" : "differs"),
      values: actual.map((value, at) => ({
        content: names.includes(columns[at]?.name ?? "")
          ? html`<del class="before">${renderValue(expected[at])}</del>
              <ins class="after">${renderValue(value)}</ins>`
          : renderValue(value),
      })),
    })),
    ...missing.map((row) => whole("missing", "before", row)),
    ...unexpected.map((row) => whole("not expected", "after", row)),
  ];
  return html`${renderRows("Rows that differ", columns, rows)}
    <p class="note"><del class="before">expected</del> <ins class="after">what came out</ins></p>`;
}
