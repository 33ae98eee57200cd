import { html, nothing, type TemplateResult } from "lit";
import type { ProposalView } from "../../server/api/protocol.js";
import { may, whyNot } from "../session.js";
import { bodyOf, type Block } from "../store/document.js";
import { renderSides } from "./sides.js";

export interface ProposalActions {
  readonly accept: (proposal: ProposalView, cell: string) => void;
  readonly reject: (proposal: ProposalView, cell: string) => void;
}

/** Edits that are proposed for a cell: old and new side by side, and the choice. */
export function renderProposals(
  block: Block,
  proposals: readonly ProposalView[],
  actions: ProposalActions,
): TemplateResult | typeof nothing {
  const own = proposals.flatMap((proposal) =>
    proposal.cells
      .filter(({ cell }) => cell === block.cell?.name)
      .map((change) => renderProposal(block, proposal, change, actions)),
  );
  return own.length === 0 ? nothing : html`${own}`;
}

function renderProposal(
  block: Block,
  proposal: ProposalView,
  { cell, before, after }: ProposalView["cells"][number],
  { accept, reject }: ProposalActions,
): TemplateResult {
  const now = bodyOf(block);
  const isOutdated = now !== before && now !== after;
  return html`<section class="proposal" aria-label="Proposal for ${cell}">
    <p>
      <b>${proposal.by}</b> proposes: ${proposal.reason}
      ${isOutdated ? html`<span class="outdated">The cell has been changed since: reject it, or take over by hand what you want of it.</span>` : nothing}
    </p>
    ${renderSides({ name: "now", text: now }, { name: "proposed", text: after })}
    ${may("edit") ? nothing : html`<p class="note">${whyNot("edit")}</p>`}
    <p class="choice" ?hidden=${!may("edit")}>
      <button
        class="outlined"
        ?disabled=${isOutdated}
        @click=${() => {
          accept(proposal, cell);
        }}
      >
        Accept
      </button>
      <button
        class="outlined"
        @click=${() => {
          reject(proposal, cell);
        }}
      >
        Reject
      </button>
    </p>
  </section>`;
}
