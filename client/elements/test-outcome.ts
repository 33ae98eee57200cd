import { html, nothing, type TemplateResult } from "lit";
import { formatDuration, toText } from "../../server/text/format.js";
import type { Block, NotebookDocument } from "../store/document.js";
import { testsOf, textsOf, type ShownTest, type TestResult } from "../store/tests.js";

type Tests = ReadonlyMap<string, ShownTest>;
type Differences = NonNullable<TestResult["differences"]>;

/** What became of a test, at its cell, or of the tests of a cell, there; nothing where none was run. */
export function renderTests(
  block: Block,
  { document, tests }: { readonly document: NotebookDocument; readonly tests: Tests },
  goTo: (cell: string) => void,
): TemplateResult | typeof nothing {
  const { cell } = block;
  if (cell === undefined || tests.size === 0) return nothing;
  if (cell.kind === "test") {
    const shown = tests.get(cell.name);
    return shown === undefined ? nothing : renderOutcome(shown, textsOf(document, cell.name));
  }
  const names = testsOf(document, new Set([cell.name]));
  const own = names.flatMap((name) => {
    const shown = tests.get(name);
    return shown === undefined ? [] : [{ name, shown, isOld: shown.texts !== textsOf(document, name) }];
  });
  return own.length === 0 ? nothing : renderSummary(own, names.length, goTo);
}

function renderOutcome({ result, isRunning, texts }: ShownTest, now: string): TemplateResult {
  if (result === undefined) return html`<p class="test-outcome" role="status">running …</p>`;
  const isOld = texts !== now;
  return html`<section
    class="test-outcome ${result.outcome} ${isOld || isRunning ? "old" : ""}"
    aria-label="Outcome of ${result.name}"
  >
    <p role="status">
      <b
        >${result.outcome === "passed" ? "✓ passed" : result.outcome === "failed" ? "✗ failed" : "✗ could not be run"}</b
      >
      <span class="muted"
        >${formatDuration(result.durationMs)}${isRunning ? ", running again …" : isOld ? ", before the text was changed" : ""}</span
      >
      ${result.message ?? ""}
      ${result.hint === undefined ? nothing : html`<span class="hint">${result.hint}</span>`}
    </p>
    ${result.differences === undefined ? nothing : renderDifferences(result.differences)}
  </section>`;
}

function renderSummary(
  own: readonly { readonly name: string; readonly shown: ShownTest; readonly isOld: boolean }[],
  total: number,
  goTo: (cell: string) => void,
): TemplateResult {
  const known = own.flatMap(({ name, shown: { result }, isOld }) =>
    result === undefined ? [] : [{ name, result, isOld }],
  );
  const failed = known.filter(({ result }) => result.outcome !== "passed");
  const isOld = known.some((test) => test.isOld);
  const count = `${String(known.length - failed.length)} of ${String(total)}`;
  const isRunning = own.some(({ shown }) => shown.isRunning);
  return html`<p
    class="tests ${failed.length > 0 ? "failed" : "passed"} ${isOld || isRunning ? "old" : ""}"
    role="status"
  >
    ${count}
    ${total === 1 ? "test passes" : "tests pass"}${isRunning ? ", running …" : isOld ? ", before the text was changed" : ""}
    ${failed.map(
      ({ name, result }) =>
        html`<button
            @click=${() => {
              goTo(name);
            }}
          >
            ${name}</button
          >: ${result.message ?? "failed"}`,
    )}
  </p>`;
}

/** Each row beside what was expected of it. */
function renderDifferences(differences: Differences): TemplateResult {
  const { columns, missing, unexpected, changed, isOrderOnly } = differences;
  const text = (value: unknown): string => (value === null ? "NULL" : toText(value, "other"));
  const whole = (label: string, side: string, row: readonly unknown[]): TemplateResult =>
    html`<tr>
      <th scope="row">${label}</th>
      ${row.map((value) => html`<td class=${side}>${text(value)}</td>`)}
    </tr>`;
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Rows that differ">
    <table class="plain">
      <thead>
        <tr>
          <th></th>
          ${columns.map(({ name }) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${changed.map(
          ({ expected, actual, columns: names }) =>
            html`<tr>
              <th scope="row">${isOrderOnly ? "in another place" : "differs"}</th>
              ${actual.map((value, at) => {
                const isOther = names.includes(columns[at]?.name ?? "");
                return isOther
                  ? html`<td>
                      <del class="before">${text(expected[at])}</del>
                      <ins class="after">${text(value)}</ins>
                    </td>`
                  : html`<td>${text(value)}</td>`;
              })}
            </tr>`,
        )}
        ${missing.map((row) => whole("missing", "before", row))}
        ${unexpected.map((row) => whole("not expected", "after", row))}
      </tbody>
    </table>
    <p class="note"><del class="before">expected</del> <ins class="after">what came out</ins></p>
  </div>`;
}
