import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Api } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { mergeSettings } from "./merge-settings.js";
import { readCron, rhythms, writeCron, type CronChoice, type Rhythm } from "./cron-choice.js";
import { formatDistance, formatIn } from "./schedule-words.js";
import { toHash } from "../router.js";
import { renderIcon } from "../styles/icon.js";

type ScheduleDraft = Api["POST /api/notebooks/{name}/schedule/draft"]["answer"];
type ScheduleSettings = ScheduleDraft["settings"];
type ScheduleField = keyof ScheduleSettings;

const rhythmWords: Readonly<Record<Rhythm, string>> = {
  month: "every month",
  week: "every week",
  day: "every day",
  hour: "every hour",
  own: "by an expression of cron",
  none: "at no fixed time",
};
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/** From Monday. */
const weekOrder = [1, 2, 3, 4, 5, 6, 0];
const catchUps = [
  ["latest", "run the latest one"],
  ["all", "run all, in order"],
  ["none", "leave them out"],
] as const;
const overlaps = [
  ["queue", "the next waits for its end"],
  ["skip", "the next is left out"],
] as const;

const fieldWords: Readonly<Record<ScheduleField, string>> = {
  cron: "Runs",
  timezone: "Time zone",
  on_input: "Waits for input",
  after: "Waits for others",
  catch_up: "Missed dates",
  overlap: "While one runs",
  deadline: "Deadline",
  retries: "Retries",
  retry_delay: "Delay of a retry",
};

/**
 * `<schedule-dialog>`: makes and changes the schedule of a notebook, which is written into its front matter.
 * @fires schedule-saved - The file has it.
 */
@customElement("schedule-dialog")
export class ScheduleDialog extends AskingDialog {
  @state() private notebook = "";
  /** As the server answered last. */
  @state() private draft: ScheduleDraft | undefined;
  @state() private settings: ScheduleSettings | undefined;
  @state() private choice: CronChoice = readCron("");
  /** Paths below input/, as they are typed. */
  @state() private files = "";
  @state() private others: readonly string[] = [];
  /** It was there when the dialog opened. */
  @state() private isThere = false;
  @state() private isSaved = false;
  /** What somebody else did since it opened, and has to be decided. */
  @state() private clash = "";
  @query("form") private form!: HTMLFormElement;
  /** As the file had them when they were last looked at. */
  #known: ScheduleSettings | undefined;
  #asked = 0;

  async show(notebook: string): Promise<void> {
    this.notebook = notebook;
    this.draft = undefined;
    this.settings = undefined;
    this.clash = "";
    this.isSaved = false;
    await this.open();
    await this.ask(async () => {
      const [draft, notebooks] = await Promise.all([api.draftSchedule(notebook, {}), api.notebooks()]);
      this.others = notebooks.map(({ name }) => name).filter((name) => name !== notebook);
      this.isThere = draft.hasSchedule;
      const { settings } = draft;
      this.#known = settings;
      this.#fill({
        ...settings,
        cron: this.isThere ? settings.cron : "0 6 1 * *",
        timezone: settings.timezone || new Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
    });
    await this.updateComplete;
    this.form.querySelector("select")?.focus();
  }

  #fill(settings: ScheduleSettings): void {
    const { on_input: input } = settings;
    this.files = typeof input === "boolean" ? "" : input.join(", ");
    this.choice = readCron(settings.cron);
    this.#set({ ...settings, cron: writeCron(this.choice) });
  }

  #set(change: Partial<ScheduleSettings>): void {
    if (this.settings === undefined && change.cron === undefined) return;
    this.settings = { ...this.settings, ...change } as ScheduleSettings;
    void this.#look();
  }

  #choose(change: Partial<CronChoice>): void {
    // One's own begins as what was chosen before it.
    const own = change.rhythm === "own" ? { own: writeCron(this.choice) || this.choice.own } : {};
    this.choice = { ...this.choice, ...own, ...change };
    this.#set({ cron: writeCron(this.choice) });
  }

  /** What would come of it; of several questions the newest counts. */
  async #look(): Promise<void> {
    const asked = ++this.#asked;
    await this.ask(async () => {
      const draft = await api.draftSchedule(this.notebook, { settings: this.settings });
      if (asked === this.#asked) this.draft = draft;
    });
  }

  /** Null takes it away. What others changed since the form was filled stays, or has to be decided first. */
  async #save(mine: ScheduleSettings | null): Promise<void> {
    await this.ask(async () => {
      const { settings: now, etag } = await api.draftSchedule(this.notebook, {});
      const settings = this.#withOthers(mine, now);
      if (settings === undefined) return;
      this.#asked++;
      const draft = await api.draftSchedule(this.notebook, { settings });
      if (settings !== null && draft.problems.length > 0) {
        this.draft = draft;
        await this.updateComplete;
        this.form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
        return;
      }
      await api.save(this.notebook, draft.text, etag);
      this.dispatchEvent(new Event("schedule-saved"));
      if (settings === null) {
        this.close();
        return;
      }
      this.draft = draft;
      this.isSaved = true;
      await this.updateComplete;
      this.querySelector<HTMLElement>("footer .primary")?.focus();
    });
  }

  /** Undefined where both changed one thing: that is told, and saved when it is asked for again. */
  #withOthers(mine: ScheduleSettings | null, now: ScheduleSettings): ScheduleSettings | null | undefined {
    const known = this.#known ?? now;
    this.#known = now;
    this.clash = "";
    if (mine === null) {
      if (JSON.stringify(known) === JSON.stringify(now)) return mine;
      this.clash = "Somebody else has changed the schedule meanwhile. Press again to remove it.";
      return undefined;
    }
    const { settings, clashes } = mergeSettings(known, mine, now);
    if (JSON.stringify(settings) !== JSON.stringify(mine)) this.#fill(settings);
    if (clashes.length === 0) return settings;
    const theirs = clashes.map((field) => `${fieldWords[field]}: ${String(now[field]) || "none"}`).join("; ");
    this.clash = `Somebody else has changed this meanwhile. ${theirs}. Save again to have what stands here.`;
    return undefined;
  }

  override render(): TemplateResult {
    const { settings } = this;
    return html`<dialog class="schedule" aria-label="Schedule">
      <h2>Schedule of ${this.notebook}</h2>
      ${this.isSaved ? this.#renderSaved() : this.#renderForm(settings)}
    </dialog>`;
  }

  /** What comes of it, and where that is seen. */
  #renderSaved(): TemplateResult {
    const { next = [], settings } = this.draft ?? {};
    const [first] = next;
    const when =
      first === undefined
        ? "It is materialized when what it waits for is there."
        : `It is materialized next ${formatDistance(first.at, Date.now())}, on ${formatIn(first.at, settings?.timezone ?? "UTC")} ${settings?.timezone ?? ""}.`;
    const { notebook } = this;
    return html`<p role="status">The schedule is saved. ${when}</p>
      <p class="note">
        Its calendar shows each run and what was missed.
        <a href=${toHash({ page: "alerts" })} @click=${this.close}>Who is told</a> where one fails?
      </p>
      <footer>
        <button type="button" class="primary" @click=${this.close}>Done</button>
        <a class="button outlined" href=${toHash({ page: "schedules", notebook })} @click=${this.close}
          >Calendar</a
        >
      </footer>`;
  }

  #renderForm(settings: ScheduleSettings | undefined): TemplateResult {
    return html`<form
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        if (settings !== undefined) void this.#save(settings);
      }}
    >
      ${settings === undefined ? nothing : html`<div class="settings-form">${this.#renderFields(settings)}</div>`}
      ${this.renderAnswer(settings, () => this.#renderNext())}
      ${this.renderFooter(
        html`<button class="primary" ?disabled=${settings === undefined}>
            ${this.isThere ? "Save" : "Make the schedule"}
          </button>
          ${this.isThere ? html`<button type="button" class="outlined" @click=${() => this.#save(null)}>Remove the schedule</button>` : nothing}`,
        "Cancel",
        this.clash === "" ? this.renderProblem() : html`<p class="problem" role="alert">${this.clash}</p>`,
      )}
    </form>`;
  }

  #renderFields(settings: ScheduleSettings): TemplateResult {
    return html`${this.#renderRow("cron", this.#renderRhythm())}
    ${this.#renderRow(
      "timezone",
      html`<input
          list="time-zones"
          aria-label="Time zone"
          autocomplete="off"
          spellcheck="false"
          .value=${settings.timezone}
          @input=${(event: Event) => {
            this.#set({ timezone: textOf(event) });
          }}
        /><datalist id="time-zones">
          ${["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => html`<option value=${zone}></option>`)}
        </datalist>`,
    )}
    ${this.#renderRow("on_input", this.#renderInput(settings))}
    ${this.#renderRow("after", this.#renderAfter(settings))}
    ${this.#renderRow(
      "catch_up",
      this.#renderChoice("Missed dates", catchUps, settings.catch_up, (value) => ({ catch_up: value })),
    )}
    ${this.#renderRow(
      "overlap",
      this.#renderChoice("While one runs", overlaps, settings.overlap, (value) => ({ overlap: value })),
    )}
    ${this.#renderRow(
      "deadline",
      html`${this.#renderDuration("Deadline", settings.deadline, (value) => ({ deadline: value }))}
        <span class="note">after its time; whoever alerts name is told then</span>`,
    )}
    ${this.#renderRow(
      "retries",
      html`<input
          type="number"
          min="0"
          max="10"
          aria-label="Retries"
          .value=${String(settings.retries)}
          @input=${(event: Event) => {
            this.#set({ retries: numberOf(event) });
          }}
        />
        of a cell that fails, after
        ${this.#renderDuration("Delay of a retry", settings.retry_delay, (value) => ({ retry_delay: value }))}`,
    )}`;
  }

  /** With what is wrong with it below. */
  #renderRow(field: ScheduleField, content: TemplateResult): TemplateResult {
    const label = fieldWords[field];
    const problems = this.draft?.problems.filter((problem) => problem.field === field) ?? [];
    return html`<div class="settings-row" role="group" aria-label=${label} data-field=${field}>
      <span>${label}</span>
      <div>
        ${content}
        ${problems.map(({ message, hint }) => html`<small class="problem" id="wrong-${field}">${message}. ${hint}</small>`)}
      </div>
    </div>`;
  }

  protected override updated(): void {
    for (const row of this.querySelectorAll<HTMLElement>("[data-field]")) {
      const wrong = row.querySelector("small.problem");
      const controls = row.querySelectorAll("input, select");
      for (const control of controls) {
        control.ariaInvalid = wrong === null ? null : "true";
        if (wrong === null) control.removeAttribute("aria-describedby");
        else control.setAttribute("aria-describedby", wrong.id);
      }
    }
  }

  #renderRhythm(): TemplateResult {
    const { rhythm, day, weekday, time, minute, own } = this.choice;
    const number = (
      label: string,
      value: number,
      [min, max]: readonly [number, number],
      key: "day" | "minute",
    ) =>
      html`<input
        type="number"
        min=${min}
        max=${max}
        aria-label=${label}
        .value=${String(value)}
        @input=${(event: Event) => {
          this.#choose({ [key]: numberOf(event) });
        }}
      />`;
    const at = html`at
      <input
        type="time"
        aria-label="Time"
        .value=${time}
        @input=${(event: Event) => {
          this.#choose({ time: textOf(event) });
        }}
      />`;
    const parts: Readonly<Record<Rhythm, unknown>> = {
      month: html`on day ${number("Day of the month", day, [1, 31], "day")} ${at}`,
      week: html`on
        <select
          aria-label="Day of the week"
          @change=${(event: Event) => {
            this.#choose({ weekday: numberOf(event) });
          }}
        >
          ${weekOrder.map((each) => html`<option value=${each} .selected=${each === weekday}>${weekdays[each]}</option>`)}
        </select>
        ${at}`,
      day: at,
      hour: html`at minute ${number("Minute", minute, [0, 59], "minute")}`,
      own: html`<input
        aria-label="Cron expression"
        spellcheck="false"
        autocomplete="off"
        placeholder="minute hour day month weekday"
        .value=${own}
        @input=${(event: Event) => {
          this.#choose({ own: textOf(event) });
        }}
      />`,
      none: html`<span class="note">when what it waits for is there</span>`,
    };
    return html`<select
        aria-label="How often"
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          this.#choose({ rhythm: rhythms.find((name) => name === value) ?? "own" });
        }}
      >
        ${rhythms.map((name) => html`<option value=${name} .selected=${name === rhythm}>${rhythmWords[name]}</option>`)}
      </select>
      ${parts[rhythm]}`;
  }

  #renderInput({ on_input: input }: ScheduleSettings): TemplateResult {
    const kind = typeof input === "boolean" ? String(input) : "files";
    const listed = (): string[] => this.files.split(/[,\n]/).map((path) => path.trim());
    const choose = (event: Event): void => {
      const value = textOf(event);
      this.#set({ on_input: value === "files" ? listed() : value === "true" });
    };
    return html`<select aria-label="Waits for input" @change=${choose}>
        <option value="false" .selected=${kind === "false"}>no</option>
        <option value="true" .selected=${kind === "true"}>the files that it reads</option>
        <option value="files" .selected=${kind === "files"}>these files</option>
      </select>
      ${
        kind === "files"
          ? html`<input
              aria-label="Files"
              spellcheck="false"
              placeholder="input/orders_*.csv, input/rates.csv"
              .value=${this.files}
              @input=${(event: Event) => {
                this.files = textOf(event);
                this.#set({ on_input: listed() });
              }}
            />`
          : nothing
      }`;
  }

  #renderAfter({ after }: ScheduleSettings): TemplateResult {
    const free = this.others.filter((name) => !after.includes(name));
    return html`${after.map(
        (name) =>
          html`<button
            type="button"
            class="outlined"
            aria-label="Wait for ${name} no more"
            @click=${() => {
              this.#set({ after: after.filter((other) => other !== name) });
            }}
          >
            ${name} ${renderIcon("close")}
          </button>`,
      )}<select
        aria-label="Waits for others"
        ?disabled=${free.length === 0}
        @change=${(event: Event) => {
          const name = textOf(event);
          (event.target as HTMLSelectElement).value = "";
          this.#set({ after: [...after, name] });
        }}
      >
        <option value="">${after.length === 0 ? "no other notebook" : "and for …"}</option>
        ${free.map((name) => html`<option value=${name}>${name}</option>`)}
      </select>`;
  }

  #renderChoice(
    label: string,
    choices: readonly (readonly [value: string, words: string])[],
    chosen: string,
    toChange: (value: string) => Partial<ScheduleSettings>,
  ): TemplateResult {
    return html`<select
      aria-label=${label}
      @change=${(event: Event) => {
        this.#set(toChange(textOf(event)));
      }}
    >
      ${choices.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`)}
    </select>`;
  }

  #renderDuration(
    label: string,
    value: string,
    toChange: (value: string) => Partial<ScheduleSettings>,
  ): TemplateResult {
    return html`<input
      class="duration"
      aria-label=${label}
      placeholder="30s, 5m, 2h"
      autocomplete="off"
      .value=${value}
      @input=${(event: Event) => {
        this.#set(toChange(textOf(event).trim()));
      }}
    />`;
  }

  #renderNext(): TemplateResult {
    const { next = [], settings } = this.draft ?? {};
    const [now, timezone] = [Date.now(), settings?.timezone ?? "UTC"];
    return html`<section class="next-times" aria-label="Next times" aria-live="polite">
      <h3>Next times</h3>
      ${
        next.length > 0
          ? html`<ol class="plain-list">
              ${next.map(({ at }) => html`<li><time datetime=${at}>${formatIn(at, timezone)}</time> <span class="meta">${formatDistance(at, now)}</span></li>`)}
            </ol>`
          : html`<p class="note">
              ${this.choice.rhythm === "none" ? "None is fixed: it runs when what it waits for is there." : "None yet."}
            </p>`
      }
    </section>`;
  }
}

function textOf({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement).value;
}

/** An empty field is no number, and is told so. */
function numberOf(event: Event): number {
  const text = textOf(event);
  return text === "" ? -1 : Number(text);
}

declare global {
  interface HTMLElementTagNameMap {
    "schedule-dialog": ScheduleDialog;
  }
}
