import { html, type TemplateResult } from "lit";
import { toHash } from "../router.js";

export interface ReasonContext {
  readonly notebook: string;
  /** Names of its cells: these lead there. */
  readonly cells: readonly string[];
  /** Goes there on the page itself, also where the address names that cell already. */
  readonly goTo?: (cell: string) => void;
}

/** A reason with the names that stand in it between backticks as code, and as links where they are cells or their checks. */
export function renderReason(reason: string, context: ReasonContext): readonly (string | TemplateResult)[] {
  return reason
    .split(/`([^`\s]+)`/)
    .map((part, index) => (index % 2 === 0 ? part : renderName(part, context)));
}

/** The same without the marks, where there is only text. `labels`: what people read of controls, by their names. */
export function plainReason(reason: string, labels?: ReadonlyMap<string, string>): string {
  return reason
    .replace(/parameter `([^`\s]+)`/g, (whole, name: string) => {
      const label = labels?.get(name);
      return label === undefined ? whole : `"${label}"`;
    })
    .replace(/`([^`\s]+)`/g, "$1");
}

function renderName(name: string, { notebook, cells, goTo }: ReasonContext): TemplateResult {
  // A check among a cell's settings is called `cell.check`.
  const cell = [name, name.split(".")[0]].find((candidate) => cells.some((known) => known === candidate));
  if (cell === undefined) return html`<code>${name}</code>`;
  const onClick = (event: MouseEvent): void => {
    if (goTo === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(cell);
  };
  return html`<a href=${toHash({ page: "notebook", name: notebook, cell })} @click=${onClick}
    ><code>${name}</code></a
  >`;
}
