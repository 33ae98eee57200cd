import { html, nothing, type TemplateResult } from "lit";
import type { NotebookState } from "../store/notebook-state.js";

export interface MessageActions {
  readonly dismiss: () => void;
  readonly dismissChoices: () => void;
  readonly dismissAgent: () => void;
  readonly resolve: (choice: "mine" | "theirs" | "copy") => void;
}

/** What went wrong, and the choice when somebody else saved. */
export function renderMessages(
  { error, save, theirs, choiceProblems, acted }: NotebookState,
  { dismiss, dismissChoices, dismissAgent, resolve }: MessageActions,
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
  ${
    save === "conflict" && theirs !== undefined
      ? html`<div class="message warning" role="alert">
          Somebody else saved this notebook while you edited it.
          <button
            class="outlined"
            @click=${() => {
              resolve("mine");
            }}
          >
            Keep mine
          </button>
          <button
            class="outlined"
            @click=${() => {
              resolve("theirs");
            }}
          >
            Take theirs
          </button>
          <button
            class="outlined"
            @click=${() => {
              resolve("copy");
            }}
          >
            Keep both
          </button>
        </div>`
      : nothing
  }
  ${
    save === "conflict" && theirs === undefined
      ? html`<div class="message warning" role="alert">
          This notebook was deleted while you edited it.
          <button
            class="outlined"
            @click=${() => {
              resolve("mine");
            }}
          >
            Save it again
          </button>
        </div>`
      : nothing
  }`;
}
