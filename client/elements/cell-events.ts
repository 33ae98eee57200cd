import type { InsertAction } from "../kinds/kinds.js";
import type { CreatedRelation } from "../editor/read-create.js";

const options = { bubbles: true, composed: true };

export type CellAction =
  | "run"
  | "materialize"
  | "stop"
  | "rename"
  | "delete"
  | "move-up"
  | "move-down"
  | InsertAction
  | "duplicate"
  | "make-test"
  | "settings";

/** The user chose something from a cell's buttons or menu. */
export class CellActionEvent extends Event {
  readonly action: CellAction;

  constructor(action: CellAction) {
    super("cell-action", options);
    this.action = action;
  }
}

/** A pasted CREATE TABLE x AS ... is to be the cell x, with the query that stands behind AS. */
export class CellRemakeEvent extends Event {
  readonly created: CreatedRelation;

  constructor(created: CreatedRelation) {
    super("cell-remake", options);
    this.created = created;
  }
}

/** A parameter that is not defined is to have a control. */
export class MakeControlEvent extends Event {
  readonly parameter: string;

  constructor(parameter: string) {
    super("make-control", options);
    this.parameter = parameter;
  }
}

/** The option lines were edited; `yaml` is without the `--|` marks. */
export class CellOptionsChangeEvent extends Event {
  readonly yaml: string;
  /** The field is still typed into. */
  readonly isDraft: boolean;

  constructor(yaml: string, isDraft: boolean) {
    super("cell-options-change", options);
    this.yaml = yaml;
    this.isDraft = isDraft;
  }
}

/** Entries of `checks:`, as they are written, are to be added to the cell. */
export class AddChecksEvent extends Event {
  readonly checks: readonly string[];

  constructor(checks: readonly string[]) {
    super("add-checks", options);
    this.checks = checks;
  }
}

/** The YAML of a chart or a control was edited. */
export class CellBodyChangeEvent extends Event {
  readonly body: string;
  /** The field is still typed into. */
  readonly isDraft: boolean;

  constructor(body: string, isDraft: boolean) {
    super("cell-body-change", options);
    this.body = body;
    this.isDraft = isDraft;
  }
}

declare global {
  interface HTMLElementEventMap {
    "add-checks": AddChecksEvent;
    "cell-action": CellActionEvent;
    "cell-options-change": CellOptionsChangeEvent;
    "cell-remake": CellRemakeEvent;
    "cell-body-change": CellBodyChangeEvent;
  }
}
