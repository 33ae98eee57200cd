import { css, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ChartView } from "../chart/chart-view.js";
import { DataGrid } from "../grid/data-grid.js";

/** `<report-chart>`: a chart without the tools of who makes it. */
@customElement("report-chart")
export class ReportChart extends ChartView {
  /** Of its title among the headings. */
  @property({ type: Number }) level = 3;
  protected override readonly isEager = true;

  static override styles = [
    ...ChartView.styles,
    css`
      .tools {
        display: none;
      }
    `,
  ];

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.renderRoot.querySelector("h3")?.setAttribute("aria-level", String(this.level));
  }
}

/** `<report-grid>`: rows to read, to sort and to search, without what their types and menus tell. */
@customElement("report-grid")
export class ReportGrid extends DataGrid {
  static override styles = [
    ...DataGrid.styles,
    css`
      :host {
        border-top: 0;
      }

      .toolbar button,
      .about,
      .more,
      .name-cell .grip::after {
        display: none;
      }

      .viewport {
        border-bottom: 0;
      }

      .toolbar {
        padding-left: var(--space-3);
      }

      .search input {
        border-color: var(--line-control);
      }

      .name-cell {
        display: flex;
        flex-direction: column;
        justify-content: center;
        padding-top: 0;
      }
    `,
  ];
}
