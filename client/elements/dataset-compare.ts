import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DatasetDiff, VersionListing } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { renderChanges } from "./row-changes.js";

/** `<dataset-compare>`: a dataset at two places side by side: run dates, publications, tags, the draft. */
@customElement("dataset-compare")
export class DatasetCompare extends LitElement {
  @property() datasetName = "";
  /** Of the dataset, in the order of the log. */
  @property({ attribute: false }) versions: readonly VersionListing[] = [];
  /** Where it is compared from at first. */
  @property() from = "";
  @property() to = "latest";
  @state() private diff: DatasetDiff | "running" | undefined;
  @state() private problem: string | undefined;
  #asking = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("datasetName") && !changed.has("from") && !changed.has("to")) return;
    this.#asking.abort();
    this.diff = undefined;
    this.problem = undefined;
  }

  /** Compares what is chosen. */
  async compare(): Promise<void> {
    this.#asking.abort();
    const asking = (this.#asking = new AbortController());
    this.diff = "running";
    this.problem = undefined;
    try {
      const { datasetName: dataset, from, to } = this;
      const diff = await api.diff({ dataset, from, to }, asking.signal);
      if (!asking.signal.aborted) this.diff = diff;
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.diff = undefined;
      this.problem = [error.message, error.hint].join(" ");
    }
  }

  override render(): TemplateResult {
    return html`<section class="compare" aria-label="Compare">
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.compare();
        }}
      >
        ${this.#renderChoice("from", "Old")} ${this.#renderChoice("to", "New")}
        <button class="outlined" ?disabled=${this.diff === "running"}>Compare</button>
      </form>
      ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.#renderDiff()}
    </section>`;
  }

  #renderChoice(side: "from" | "to", label: string): TemplateResult {
    return html`<label
      >${label}
      <select
        @change=${(event: Event) => {
          this[side] = (event.target as HTMLSelectElement).value;
        }}
      >
        ${placesOf(this.versions, this[side]).map(
          ({ place, label: words }) =>
            html`<option value=${place} ?selected=${place === this[side]}>${words}</option>`,
        )}
      </select></label
    >`;
  }

  #nameOf(place: string): string {
    const isVersion = this.versions.every(
      ({ runDate, tags }) => !place.startsWith(runDate) && !tags.includes(place),
    );
    return isVersion && place !== "latest" && place !== "draft" ? THE_VERSION : place;
  }

  #renderDiff(): TemplateResult | typeof nothing {
    const { diff } = this;
    if (diff === undefined) return nothing;
    if (diff === "running") return html`<div class="skeleton" aria-busy="true"></div>`;
    if (diff.isSame) return html`<p class="note" role="status">Both are the same, row for row.</p>`;
    const [before, after] = [this.#nameOf(diff.from), this.#nameOf(diff.to)];
    return renderChanges(diff, { before, after }, html`from ${before} to ${after}`);
  }
}

/** A version that no date shows has a name for machines. */
const THE_VERSION = "the version that was computed";

interface Place {
  readonly place: string;
  readonly label: string;
}

/** The newest first; of a date that was published once, no number is told. With the place that is chosen. */
function placesOf(versions: readonly VersionListing[], chosen: string): Place[] {
  const kept = versions.filter(({ isKept }) => isKept);
  const dates = [...new Set(kept.filter(({ isCurrent }) => isCurrent).map(({ runDate }) => runDate))]
    .sort()
    .reverse();
  const numbered = [...new Set(kept.map(({ runDate }) => runDate))]
    .sort()
    .reverse()
    .flatMap((date) => {
      const ofDate = kept.filter(({ runDate }) => runDate === date);
      const isAlone = ofDate.length === 1 && ofDate[0]?.isCurrent === true;
      const shown = dates.includes(date) ? [{ place: date, label: date }] : [];
      if (isAlone) return shown;
      const all = ofDate.map(({ number, isCurrent, tags }) => ({
        place: `${date}@${String(number)}`,
        label: [`${date}, publication ${String(number)}`, ...(isCurrent ? ["shown now"] : []), ...tags].join(
          ", ",
        ),
      }));
      return [...shown, ...all.reverse()];
    });
  const places = [
    { place: "latest", label: "latest" },
    { place: "draft", label: "the draft: what was computed last" },
    ...numbered,
  ];
  return places.some(({ place }) => place === chosen) || chosen === ""
    ? places
    : [{ place: chosen, label: THE_VERSION }, ...places];
}
