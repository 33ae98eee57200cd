import type { ProposalView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { bodyOf } from "./document.js";
import { replaceBody } from "./edit-document.js";
import type { HeldState } from "./held-state.js";
import type { NotebookFile } from "./notebook-file.js";

/** Edits that an agent proposes, and that wait for a person. */
export class Proposals {
  readonly #held: HeldState;
  readonly #file: NotebookFile;

  constructor(held: HeldState, file: NotebookFile) {
    this.#held = held;
    this.#file = file;
  }

  /** Takes the proposed text into the cell and saves it, as if it had been typed. Does nothing to a cell that has another text by now. */
  async accept({ id, cells }: ProposalView, cell: string): Promise<void> {
    const { document, name } = this.#held.state;
    const block = document?.blocks.find((item) => item.cell?.name === cell);
    const change = cells.find((item) => item.cell === cell);
    if (document === undefined || block === undefined || change === undefined) return;
    const now = bodyOf(block);
    if (now !== change.after) {
      if (now !== change.before) return;
      this.#file.edit(replaceBody(document, block.id, change.after), { isUndoable: true });
      if (!(await this.#file.save())) return;
    }
    await this.#settle(() => api.settleProposal(name, id, cell, "accepted"));
  }

  async reject({ id }: ProposalView, cell: string): Promise<void> {
    await this.#settle(() => api.settleProposal(this.#held.state.name, id, cell, "rejected"));
  }

  /** Somebody else may have decided meanwhile. */
  async #settle(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) this.#held.fail(error);
    }
    await this.ask();
  }

  async ask(): Promise<void> {
    try {
      this.#held.set({ proposals: (await api.proposals(this.#held.state.name)).proposals });
    } catch (error) {
      // The notebook itself tells where the server is gone.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
