/** The user wants the chart in the notebook; `yaml` is the body of its cell. */
export class ChartSaveEvent extends Event {
  readonly yaml: string;

  constructor(yaml: string) {
    super("chart-save", { bubbles: true, composed: true });
    this.yaml = yaml;
  }
}

/** The user does not want it. */
export class ChartCancelEvent extends Event {
  constructor() {
    super("chart-cancel", { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "chart-save": ChartSaveEvent;
    "chart-cancel": ChartCancelEvent;
  }
}
