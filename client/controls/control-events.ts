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

declare global {
  interface HTMLElementEventMap {
    "control-change": ControlChangeEvent;
  }
}
