import { html, nothing, type TemplateResult } from "lit";
import { renderConflicts, type ConflictActions } from "../elements/conflict-strip.js";
import type { NotebookState } from "../store/notebook-state.js";

export interface MessageActions extends ConflictActions {
  readonly dismiss: () => void;
  readonly dismissChoices: () => void;
  readonly dismissAgent: () => void;
  readonly saveAgain: () => void;
}

/** What went wrong, and the choice where somebody else changed the front matter too, or deleted the file. */
export function renderMessages(
  { error, save, conflicts, choiceProblems, acted }: NotebookState,
  { dismiss, dismissChoices, dismissAgent, saveAgain, decide }: MessageActions,
): TemplateResult {
  return html`${
    error === undefined
      ? nothing
      : html`<div class="message error" role="alert">
          ${error.message} ${error.hint}
          ${error.diagnostics.slice(0, 3).map((item) => html`<div>${item.line}:${item.column} ${item.message}</div>`)}
          <button @click=${dismiss}>Dismiss</button>
        </div>`
  }
  ${
    acted === undefined
      ? nothing
      : html`<div class="message agent" role="status">
          Agent <b>${acted.agent}</b>: ${acted.tool.replaceAll("_", " ")}
          ${acted.cell === undefined ? nothing : html`<code>${acted.cell}</code>`}
          <button @click=${dismissAgent}>Dismiss</button>
        </div>`
  }
  ${
    choiceProblems.length === 0
      ? nothing
      : html`<div class="message warning" role="alert">
          Not everything that the address chooses was taken: ${choiceProblems.join(" ")}
          <button @click=${dismissChoices}>Dismiss</button>
        </div>`
  }
  ${renderConflicts(undefined, conflicts, decide)}
  ${
    save === "conflict"
      ? html`<div class="message warning" role="alert">
          This notebook was deleted while you edited it.
          <button class="outlined" @click=${saveAgain}>Save it again</button>
        </div>`
      : nothing
  }`;
}
