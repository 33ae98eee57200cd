export type InputScalar = string | number | boolean | null;
/** A list belongs to a select of several values. */
export type InputValue = InputScalar | readonly InputScalar[];

/** The reader chose another value: of the parameter's type, dates as YYYY-MM-DD. */
export class InputValueChangeEvent extends Event {
  readonly name: string;
  readonly value: InputValue;

  constructor(name: string, value: InputValue) {
    super("input-value-change", { bubbles: true, composed: true });
    this.name = name;
    this.value = value;
  }
}

declare global {
  interface HTMLElementEventMap {
    "input-value-change": InputValueChangeEvent;
  }
}
