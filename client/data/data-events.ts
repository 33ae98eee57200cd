import type { UploadedInput } from "../../server/api/protocol.js";

/** The type under which a name is dragged into an editor. */
export const DRAGGED_NAME = "application/x-lakebook-name";

/** Somebody wants to add a file; `take` gets what was found in it, and then no cell is made at once. */
export class AddFileEvent extends Event {
  readonly take: (files: readonly UploadedInput[]) => void;

  constructor(take: AddFileEvent["take"]) {
    super("add-file", { bubbles: true, composed: true });
    this.take = take;
  }
}

/** Cells are wanted below one that is named, or at the end of the notebook, each a fence whose first line names it. */
export class AddCellsEvent extends Event {
  readonly fences: readonly string[];
  readonly below: string | undefined;

  constructor(fences: readonly string[], below?: string) {
    super("add-cells", { bubbles: true, composed: true });
    this.fences = fences;
    this.below = below;
  }
}

declare global {
  interface HTMLElementEventMap {
    "add-cells": AddCellsEvent;
  }
}
