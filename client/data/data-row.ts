import { html, nothing, type TemplateResult } from "lit";
import { formatType } from "../../server/text/format.js";
import { renderSpark } from "../grid/grid-header.js";
import type { ColumnProfile } from "../grid/profile.js";
import { may, whyNot } from "../session.js";
import { aboutColumn, nullsOf, wordsOf } from "./column-words.js";
import type { DataFacts } from "./data-facts.js";
import type { DataNode } from "./data-tree.js";
import type { TreeRow } from "./tree-rows.js";

const INDENT = 12;

export interface RowState {
  /** Among all rows. */
  readonly index: number;
  readonly height: number;
  readonly isActive: boolean;
  readonly profile: ColumnProfile | undefined;
  readonly onDrag: (event: DragEvent, node: DataNode) => void;
  readonly onClick: (event: MouseEvent, node: DataNode) => void;
}

/** A line of the tree, at its place. */
export function renderRow(
  { node, level, position, siblings, isOpen }: TreeRow,
  state: RowState,
): TemplateResult {
  const { index, height, isActive, profile } = state;
  const canOpen = node.children !== undefined;
  const canInsert = node.insert !== undefined && may("edit");
  return html`<div
    role="treeitem"
    id="row-${index}"
    class="${node.kind} ${isActive ? "active" : ""} ${canInsert ? "insertable" : ""}"
    style="top:${String(index * height)}px;height:${String(height)}px;padding-left:${String((level - 1) * INDENT)}px"
    aria-level=${level}
    aria-posinset=${position}
    aria-setsize=${siblings}
    aria-expanded=${canOpen ? String(isOpen) : nothing}
    aria-selected=${String(isActive)}
    aria-label=${wordsOf(node, profile)}
    title=${node.label}
    draggable=${canInsert ? "true" : "false"}
    @dragstart=${(event: DragEvent) => {
      state.onDrag(event, node);
    }}
    @click=${(event: MouseEvent) => {
      state.onClick(event, node);
    }}
  >
    <span class="twisty"
      >${canOpen ? html`<svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true"><path d="M2 0l4 4-4 4z" fill="currentColor" /></svg>` : nothing}</span
    >
    <span class="label">${node.kind === "action" ? "+ " : ""}${node.label}</span>
    ${node.kind === "column" ? renderColumn(node, profile) : html`<span class="detail">${node.detail}</span>`}
  </div>`;
}

function renderColumn({ detail }: DataNode, profile: ColumnProfile | undefined): TemplateResult {
  return html`<span class="detail">${formatType(detail)}</span>
    ${profile === undefined ? nothing : html`<span class="picture"><span class="nulls-share">${nullsOf(profile)}</span>${renderSpark(profile)}</span>`}`;
}

/** Of what is active: what does not fit into its line. */
export function renderAbout(node: DataNode | undefined, facts: DataFacts): TemplateResult | string {
  if (node === undefined || node.kind === "group")
    return may("edit") ? "Enter or a click puts a name where the cursor is." : whyNot("edit");
  return html`<strong>${node.label}</strong> ${aboutNode(node, facts)}`;
}

function aboutNode(node: DataNode, facts: DataFacts): string {
  const { kind, source, index, detail } = node;
  if (kind === "file") return source?.name ?? "";
  if (kind !== "column" || source === undefined || index === undefined) return detail;
  return aboutColumn(node, facts.profileOf(source, index), facts.isSample(source));
}
