import { html, LitElement, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Permission } from "../../server/base/roles.js";
import { may } from "../session.js";

const keys: readonly (readonly [keys: string, does: string, needs?: Permission])[] = [
  ["Ctrl/Cmd+Enter", "run the cell", "run"],
  ["Shift+Enter", "run the cell and go on", "run"],
  ["Alt+Enter", "run the cell and add one below", "edit"],
  ["Ctrl/Cmd+Shift+Enter", "run the cell and everything out of date", "run"],
  ["Ctrl/Cmd+Shift+.", "preview the selection or the query at the cursor", "query"],
  ["Shift+Alt+F", "format the SQL", "edit"],
  ["F12", "go to where a name is defined"],
  ["Ctrl/Cmd+S", "save now", "edit"],
  ["Ctrl/Cmd+K", "commands and cells"],
  ["Ctrl/Cmd+Shift+F", "search and replace in all texts of the notebook"],
  ["Esc, then Tab", "go on to what stands behind the editor"],
  ["Esc Esc, then Enter", "leave the editor for command mode; edit what is selected"],
  ["j k", "select the next, the previous"],
  ["a b", "add a SQL cell above, below", "edit"],
  ["m", "add prose below", "edit"],
  ["Alt+Shift+↑ ↓", "move the cell", "edit"],
  ["d d", "delete; z brings it back", "edit"],
  ["i i", "stop the run", "run"],
  ["F2", "rename; what reads the cell follows", "edit"],
  ["?", "this list"],
  ["arrows", "in a table: go; in its header, Enter sorts"],
  ["Alt+← →", "in a table: make the column narrower, wider"],
  ["Alt+↑ ↓", "in a table: make it lower, higher"],
  ["Enter, /", "in a table: show the whole value; search"],
];

/** `<help-dialog>`: the keys. */
@customElement("help-dialog")
export class HelpDialog extends LitElement {
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(): Promise<void> {
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-label="Keys">
      <h2>Keys</h2>
      <table class="plain">
        <tbody>
          ${keys
            .filter(([, , needs]) => needs === undefined || may(needs))
            .map(
              ([key, does]) =>
                html`<tr>
                  <td><kbd>${key}</kbd></td>
                  <td>${does}</td>
                </tr>`,
            )}
        </tbody>
      </table>
      <footer>
        <a href="/docs" target="_blank" rel="noopener">Guide and reference</a><span class="spacer"></span
        ><button
          class="outlined"
          @click=${() => {
            this.dialog.close();
          }}
        >
          Close
        </button>
      </footer>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-dialog": HelpDialog;
  }
}
