import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";

export interface GridMenuEntry {
  readonly label: string;
  /** A key that does the same. */
  readonly keys?: string;
  readonly run: () => void;
}

const MARGIN = 8;

/** `<grid-menu>`: what can be done with a column or a value, in groups. */
@customElement("grid-menu")
export class GridMenu extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    css`
      [popover] {
        inset: auto;
        margin: 0;
        width: max-content;
        min-width: 13rem;
        max-width: min(26rem, calc(100vw - 16px));
        max-height: calc(100vh - 16px);
        padding: var(--space-1);
        overflow-y: auto;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--raised);
        box-shadow: var(--shadow-raised);
        color: var(--text);
        font: var(--size-sm) / var(--leading) var(--font-text);
      }

      [role="group"] {
        display: grid;
      }

      [role="group"] + [role="group"] {
        margin-top: var(--space-1);
        padding-top: var(--space-1);
        border-top: 1px solid var(--line);
      }

      button {
        width: 100%;
        justify-content: space-between;
        gap: var(--space-4);
        color: var(--text);
      }

      button > span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      button:focus-visible {
        outline-offset: -2px;
      }

      kbd {
        color: var(--text-faint);
        font: var(--size-xs) var(--font-mono);
      }
    `,
  ];

  @state() private label = "";
  @state() private groups: readonly (readonly GridMenuEntry[])[] = [];
  @query("[popover]") private pane!: HTMLElement;
  #onClose: () => void = () => undefined;

  /** Opens beside a place. When it closes, the focus is to be given back. */
  async show(
    label: string,
    groups: readonly (readonly GridMenuEntry[])[],
    place: DOMRect,
    onClose: () => void,
  ): Promise<void> {
    this.label = label;
    this.groups = groups.filter(({ length }) => length > 0);
    this.#onClose = onClose;
    await this.updateComplete;
    this.pane.showPopover();
    const { width, height } = this.pane.getBoundingClientRect();
    const right = document.documentElement.clientWidth;
    const below = place.bottom + 2;
    const top = below + height + MARGIN > window.innerHeight ? window.innerHeight - height - MARGIN : below;
    this.pane.style.top = `${String(Math.max(MARGIN, top))}px`;
    this.pane.style.left = `${String(Math.max(MARGIN, Math.min(place.left, right - width - MARGIN)))}px`;
    this.#items()[0]?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div
      popover
      role="menu"
      aria-label=${this.label}
      @keydown=${(event: KeyboardEvent) => {
        this.#onKey(event);
      }}
      @toggle=${(event: ToggleEvent) => {
        if (event.newState === "closed") this.#onClose();
      }}
    >
      ${this.groups.map(
        (entries) =>
          html`<div role="group">
            ${entries.map(
              ({ label, keys, run }) =>
                html`<button
                  role="menuitem"
                  tabindex="-1"
                  @click=${() => {
                    this.pane.hidePopover();
                    run();
                  }}
                >
                  <span>${label}</span>${keys === undefined ? nothing : html`<kbd>${keys}</kbd>`}
                </button>`,
            )}
          </div>`,
      )}
    </div>`;
  }

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  #onKey(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const last = items.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (event.key === "Tab") this.pane.hidePopover();
    else if (to === undefined) return;
    else items[to]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "grid-menu": GridMenu;
  }
}
