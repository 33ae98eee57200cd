import { html, LitElement, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";

const keys: readonly (readonly [keys: string, does: string])[] = [
  ["Ctrl/Cmd+Enter", "run the cell"],
  ["Shift+Enter", "run the cell and go on"],
  ["Alt+Enter", "run the cell and add one below"],
  ["Ctrl/Cmd+Shift+Enter", "run the cell and everything out of date"],
  ["Ctrl/Cmd+Shift+.", "preview the selection or the query at the cursor"],
  ["Shift+Alt+F", "format the SQL"],
  ["F12", "go to where a name is defined"],
  ["Ctrl/Cmd+S", "save now"],
  ["Ctrl/Cmd+K", "commands and cells"],
  ["Esc, then Tab", "go on to what stands behind the editor"],
  ["Esc, then Enter", "leave the editor; edit what is selected"],
  ["j k", "select the next, the previous"],
  ["a b", "add a SQL cell above, below"],
  ["m", "add prose below"],
  ["Alt+Shift+↑ ↓", "move the cell"],
  ["d d", "delete; z brings it back"],
  ["i i", "stop the run"],
  ["F2", "rename; what reads the cell follows"],
  ["?", "this list"],
  ["arrows", "in a table: go; in its header, Enter sorts"],
  ["Alt+← →", "in a table: make the column narrower, wider"],
  ["Enter, /", "in a table: show the whole value; search"],
];

/** `<help-dialog>`: the keys. */
@customElement("help-dialog")
export class HelpDialog extends LitElement {
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-label="Keys">
      <h2>Keys</h2>
      <table class="plain">
        <tbody>
          ${keys.map(
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
