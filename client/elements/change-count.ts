import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellDiff, NothingPublished } from "../../server/api/protocol.js";
import { formatNumber } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { whenQuiet } from "../quiet.js";
import { changeWords } from "./change-words.js";

/** `<change-count>`: of how many rows of a dataset its draft differs from what is published; nothing where none does. */
@customElement("change-count")
export class ChangeCount extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Changes when there may be another answer. */
  @property() version = "";
  @state() private diff: CellDiff | NothingPublished | undefined;
  #asked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("version") || changed.has("cell")) void this.#load();
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    this.diff = undefined;
    await whenQuiet();
    if (asked !== this.#asked || !this.isConnected) return;
    try {
      const diff = await api.cellDiff(this.notebook, this.cell);
      if (asked === this.#asked) this.diff = diff;
    } catch (error) {
      // The tab itself says what is wrong.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { diff } = this;
    if (diff === undefined || diff.against === null || diff.isSame) return nothing;
    const rows = diff.changed + diff.added + diff.removed;
    return rows === 0
      ? nothing
      : html` <span class="badge" title=${changeWords(diff)}>${formatNumber(rows)}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "change-count": ChangeCount;
  }
}
