import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatNumber } from "../../server/text/format.js";
import type { ShownTest, TestResult } from "../store/tests.js";

/** Of all tests of a notebook, before something is published. */
export type TestsAsked =
  | { readonly state: "running" }
  /** None could be asked for. */
  | { readonly state: "unknown"; readonly why: string }
  | { readonly state: "done"; readonly names: readonly string[] };

/** What whoever publishes should know of the tests; nothing where there are none. */
export function renderTestsNote(
  asked: TestsAsked | undefined,
  known: ReadonlyMap<string, ShownTest>,
): TemplateResult | typeof nothing {
  switch (asked?.state) {
    case undefined:
      return nothing;
    case "running":
      return html`<p class="note" role="status">Running the tests …</p>`;
    case "unknown":
      return html`<p class="problem warning" role="alert">
        The tests could not be run: ${asked.why} Whether they pass is not known. Publishing is up to you.
      </p>`;
    case "done":
      return renderDone(
        asked.names.length,
        asked.names.flatMap((name) => known.get(name)?.result ?? []),
      );
  }
}

function renderDone(total: number, results: readonly TestResult[]): TemplateResult {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const broken = results.filter(({ outcome }) => outcome === "error");
  if (failed.length + broken.length === 0)
    return html`<p class="note" role="status">
      ${formatCount(total, "test")} pass${total === 1 ? "es" : ""}.
    </p>`;
  const names = failed.map(({ name }) => name).join(", ");
  return html`<div class="problem" role="alert">
    ${
      failed.length === 0
        ? nothing
        : html`<p>
            ${formatCount(failed.length, "test")} of ${formatNumber(total)}
            ${failed.length === 1 ? "does" : "do"} not pass: ${names}.
          </p>`
    }
    ${broken.map(({ name, message = "" }) => html`<p><code>${name}</code> could not be run: ${message}</p>`)}
    <p>Publishing is up to you.</p>
  </div>`;
}
