import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { VersionListing } from "../../server/api/protocol.js";
import { formatCount, formatTimestamp } from "../../server/text/format.js";
import { toHash } from "../router.js";
import { may, shownBy } from "../session.js";
import { renderIcon } from "../styles/icon.js";

/** Names a publication of the list. */
export type VersionEvent = CustomEvent<{ readonly version: VersionListing; readonly tag?: string }>;

/**
 * `<dataset-versions>`: every publication of a dataset for one run date, the newest first, and what can be done with it.
 * @fires compare, roll-back, tag, untag Each with the publication as its detail.
 */
@customElement("dataset-versions")
export class DatasetVersions extends LitElement {
  @property({ attribute: false }) versions: readonly VersionListing[] = [];
  /** Number of the publication that is looked at. */
  @property({ type: Number }) looked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.versions.length === 0) return nothing;
    return html`<details class="versions" ?open=${this.versions.length > 1}>
      <summary>${formatCount(this.versions.length, "publication")} of ${this.versions[0]?.runDate}</summary>
      <ul aria-label="Publications">
        ${[...this.versions].reverse().map((version) => this.#renderVersion(version))}
      </ul>
    </details>`;
  }

  #renderVersion(version: VersionListing): TemplateResult {
    const { dataset, runDate, number, isCurrent, isKept, rows, publishedAt, restores, tags, by } = version;
    const date = isCurrent ? runDate : `${runDate}@${String(number)}`;
    const title = `Publication ${String(number)}`;
    return html`<li>
      <span class="which">
        ${
          isKept
            ? html`<a
                href=${toHash({ page: "lake", dataset, date })}
                aria-current=${number === this.looked ? "true" : "false"}
                >${title}</a
              >`
            : title
        }
        ${isCurrent ? html`<b>shown now</b>` : nothing}
        ${tags.map(
          (tag) =>
            html`<span class="tag"
              >${tag}${
                may("run")
                  ? html`<button
                      class="plain"
                      aria-label="Delete tag ${tag}"
                      title="Delete the tag"
                      @click=${() => this.#say("untag", version, tag)}
                    >
                      ${renderIcon("close")}
                    </button>`
                  : nothing
              }</span
            > `,
        )}
        <span class="meta"
          >${formatTimestamp(publishedAt)}${shownBy(by) === undefined ? nothing : ` by ${by ?? ""}`} ·
          ${rows === null ? "removed by vacuum" : formatCount(rows, "row")}${restores === null ? "" : ` · ${String(restores)} again`}</span
        >
      </span>
      <span class="actions">
        ${
          isCurrent
            ? may("run")
              ? html`<button @click=${() => this.#say("tag", version)}>Tag…</button>`
              : nothing
            : isKept
              ? html`<button @click=${() => this.#say("compare", version)}>Compare with now</button>
                  ${may("keep") ? html`<button @click=${() => this.#say("roll-back", version)}>Roll back…</button>` : nothing}`
              : nothing
        }
      </span>
    </li>`;
  }

  #say(type: string, version: VersionListing, tag?: string): void {
    const detail: VersionEvent["detail"] = { version, ...(tag !== undefined && { tag }) };
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
