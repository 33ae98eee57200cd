export class ReportParameterEvent extends Event {
  readonly parameter: string;
  readonly value: unknown;

  constructor(parameter: string, value: unknown) {
    super("report-parameter");
    this.parameter = parameter;
    this.value = value;
  }
}

declare global {
  interface HTMLElementEventMap {
    "report-parameter": ReportParameterEvent;
  }
}
