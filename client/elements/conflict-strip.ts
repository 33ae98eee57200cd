import { html, nothing, type TemplateResult } from "lit";
import { bodyOf, type Block } from "../store/document.js";
import { readBlock, type Choice, type Conflict } from "../store/merging.js";
import { renderSides } from "./sides.js";

export interface ConflictActions {
  readonly decide: (conflict: Conflict, choice: Choice) => void;
}

/** What somebody else changed too, at the block where it is, and the choice; of the front matter where there is none. */
export function renderConflicts(
  block: Block | undefined,
  conflicts: readonly Conflict[],
  decide: ConflictActions["decide"],
): TemplateResult | typeof nothing {
  const own = conflicts.filter((conflict) => conflict.block === block?.id);
  return own.length === 0 ? nothing : html`${own.map((conflict) => renderConflict(block, conflict, decide))}`;
}

function renderConflict(
  block: Block | undefined,
  conflict: Conflict,
  decide: ConflictActions["decide"],
): TemplateResult {
  const by = conflict.by ?? "Somebody else";
  const button = (choice: Choice, label: string): TemplateResult =>
    html`<button
      class="outlined"
      @click=${() => {
        decide(conflict, choice);
      }}
    >
      ${label}
    </button>`;
  return html`<section class="conflict" role="group" aria-label="Changed by two: ${conflict.name ?? "text"}">
    <p role="status">${wordsOf(conflict, by)}</p>
    ${conflict.kind === "edited" ? renderBoth(block, conflict, by) : nothing}
    <p class="choice">
      ${
        conflict.kind === "edited"
          ? html`${button("mine", "Take mine")} ${button("theirs", "Take theirs")}
            ${conflict.type === "key" ? nothing : button("both", conflict.type === "cell" ? "Keep both, as two cells" : "Keep both")}`
          : html`${button(conflict.kind === "deleted-by-me" ? "theirs" : "mine", "Keep it")}
            ${button(conflict.kind === "deleted-by-me" ? "mine" : "theirs", "Delete it")}`
      }
    </p>
  </section>`;
}

function wordsOf({ kind, type, name }: Conflict, by: string): TemplateResult {
  if (kind === "deleted-by-me")
    return html`You deleted this while <b>${by}</b> changed it. It is kept until you decide.`;
  if (kind === "deleted-by-them")
    return html`<b>${by}</b> deleted this while you changed it. It is kept until you decide.`;
  const also = html`<b>${by}</b> changed
    ${type === "key" ? html`<code>${name ?? ""}</code> of the front matter` : "this"} too.`;
  if (type === "prose") return html`${also} Both versions stand here.`;
  return html`${also} The file has theirs, and that is what runs, until you decide.`;
}

function renderBoth(
  block: Block | undefined,
  { type, mine, theirs = "" }: Conflict,
  by: string,
): TemplateResult {
  const isCell = type === "cell" && block !== undefined;
  return renderSides(
    { name: "mine", text: isCell ? bodyOf(block) : (mine ?? "") },
    {
      name: by === "Somebody else" ? "theirs" : by,
      text: isCell ? bodyOf(readBlock(theirs, block)) : theirs,
    },
  );
}
