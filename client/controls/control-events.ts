export type ControlScalar = string | number | boolean | null;
/** A list belongs to a select of several values. */
export type ControlValue = ControlScalar | readonly ControlScalar[];

/** The reader chose another value: of the parameter's type, dates as YYYY-MM-DD. */
export class ControlChangeEvent extends Event {
  readonly name: string;
  readonly value: ControlValue;

  constructor(name: string, value: ControlValue) {
    super("control-change", { bubbles: true, composed: true });
    this.name = name;
    this.value = value;
  }
}

/** The cell is to be run from which the choices come. */
export class ControlRunEvent extends Event {
  readonly cell: string;

  constructor(cell: string) {
    super("control-run", { bubbles: true, composed: true });
    this.cell = cell;
  }
}

declare global {
  interface HTMLElementEventMap {
    "control-run": ControlRunEvent;
    "control-change": ControlChangeEvent;
  }
}
