/** The user wants the chart in the notebook; `yaml` is the body of its cell. */
export class ChartSaveEvent extends Event {
  readonly yaml: string;

  constructor(yaml: string) {
    super("chart-save", { bubbles: true, composed: true });
    this.yaml = yaml;
  }
}

declare global {
  interface HTMLElementEventMap {
    "chart-save": ChartSaveEvent;
  }
}
