import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import type { ApiError } from "../api-client.js";
import { loadCode } from "../connection.js";
import { pickedTexts, picks, type ChartPick } from "./picks.js";

interface Place {
  /** The cell whose rows are shown. */
  readonly source: string;
  /** Of a chart: its cell. What is picked in it filters the others, not itself. */
  readonly chart?: string;
}

interface LineFacts {
  readonly notebook: string;
  readonly result: string | undefined;
  readonly totalRows: number | undefined;
}

/** By what the rows of a chart or a table are filtered: asks anew when that changes. */
export class PickedRows implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #place: () => Place;
  readonly #ask: () => void;
  #taken = "[]";

  constructor(host: ReactiveControllerHost & Element, place: () => Place, ask: () => void) {
    this.#host = host;
    this.#place = place;
    this.#ask = ask;
    host.addController(this);
  }

  hostConnected(): void {
    picks.addEventListener("change", this.#onChange);
  }

  /** A chart that is gone filters nothing; one that only moved does. */
  hostDisconnected(): void {
    picks.removeEventListener("change", this.#onChange);
    const { chart = "" } = this.#place();
    queueMicrotask(() => {
      if (!this.#host.isConnected) picks.drop(chart);
    });
  }

  /** As the server takes them; what is asked for from now on is filtered so. */
  take(): string[] {
    const texts = this.#texts();
    this.#taken = JSON.stringify(texts);
    return texts;
  }

  get now(): readonly ChartPick[] {
    const { source, chart } = this.#place();
    return source === "" ? [] : picks.of(source, chart);
  }

  /** What was asked for last is filtered otherwise than what is picked now. */
  get isOld(): boolean {
    return this.#taken !== JSON.stringify(this.#texts());
  }

  /** The rows no longer have what was picked: it is let go, which is said, and they are asked for anew. */
  isRejected(error: ApiError): boolean {
    if (error.status !== 400 || this.#taken === "[]") return false;
    const { column, filter } = error.details;
    // Else the chart itself does not fit the rows.
    if (column === undefined && filter === undefined) return false;
    picks.reject(this.#place().source, error.message, typeof column === "string" ? column : undefined);
    return true;
  }

  renderLine({ notebook, result, totalRows }: LineFacts): TemplateResult | typeof nothing {
    const { source } = this.#place();
    const of = picks.of(source);
    const notice = picks.notice(source);
    if (source === "" || (of.length === 0 && notice === undefined)) return nothing;
    void loadCode(() => import("../elements/picked-line.js"));
    return html`<picked-line
      class=${notice === undefined ? "" : "told"}
      .notebook=${notebook}
      .source=${source}
      .result=${result}
      .totalRows=${totalRows}
      .picks=${of}
      .notice=${notice}
    ></picked-line>`;
  }

  #texts(): string[] {
    return pickedTexts(this.now);
  }

  readonly #onChange = (): void => {
    this.#host.requestUpdate();
    if (this.isOld) this.#ask();
  };
}
