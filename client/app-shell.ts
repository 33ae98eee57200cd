import { html, LitElement, ReactiveElement, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { parseRoute, toHash, type Route } from "./router.js";
import type { UploadedInput } from "../server/api/protocol.js";
import { api, ApiError, learnWhoIAm } from "./api-client.js";
import { loadCode } from "./connection.js";
import "./elements/file-drop.js";
import type { DataPanel } from "./data/data-panel.js";
import type { FileDrop, FilesAddedEvent } from "./elements/file-drop.js";
import { mainPages, otherNotebooks, pageEntries } from "./page-entries.js";
import { titleOf } from "./page-title.js";
import "./people/account-menu.js";
import { renderLogin } from "./people/login-page.js";
import { may, session } from "./session.js";
import type { InputPage } from "./pages/input-page.js";
import type { AddFileEvent } from "./data/data-events.js";
import type { NotebookPage, NotebookTitleEvent } from "./notebook/notebook-page.js";
import { withFreeNames } from "./store/free-names.js";
import { renderIcon } from "./styles/icon.js";
import { typedMeanwhile } from "./typed-meanwhile.js";

type Theme = "system" | "light" | "dark";

/** How long the server is left in peace that cannot be reached. */
const RETRY_MS = 3000;
/** Somebody may have been given another role. */
const LOOK_MS = 20_000;
const THEME_KEY = "lakebook-theme";
const nextTheme: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

/** `<app-shell>`: the line above every page, and the page that the address names. */
@customElement("app-shell")
export class AppShell extends LitElement {
  @state() private route: Route = parseRoute(location.hash);
  @state() private theme: Theme = readTheme();
  /** Of the notebook that is open. */
  @state() private notebookTitle: string | undefined;
  /** The server does not say who is there. */
  @state() private problem = "";
  #looking: ReturnType<typeof setInterval> | undefined;
  @query("file-drop") private fileDrop!: FileDrop;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#onHash);
    document.addEventListener("keydown", this.#onPaletteKey);
    session.addEventListener("change", this.#onSession);
    document.addEventListener("visibilitychange", this.#lookWhoIsThere);
    this.#looking = setInterval(this.#lookWhoIsThere, LOOK_MS);
    applyTheme(this.theme);
    this.#load();
    void this.#learnWhoIsThere();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#onHash);
    document.removeEventListener("keydown", this.#onPaletteKey);
    session.removeEventListener("change", this.#onSession);
    document.removeEventListener("visibilitychange", this.#lookWhoIsThere);
    clearInterval(this.#looking);
  }

  /** Pages show what whoever is there may do, so that they wait for this. */
  async #learnWhoIsThere(): Promise<void> {
    try {
      const me = await api.me();
      this.problem = "";
      // Whoever had to log in is known by that already.
      if (session.me === undefined) session.enter(me);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
      setTimeout(() => void this.#learnWhoIsThere(), RETRY_MS);
    }
  }

  readonly #lookWhoIsThere = (): void => {
    if (session.me?.kind === "user" && !document.hidden) void learnWhoIAm();
  };

  /** Somebody else is there, who may do other things: all that is shown may be other. */
  readonly #onSession = (): void => {
    if (session.me !== undefined && location.search !== "")
      history.replaceState(null, "", `/${location.hash}`);
    if (session.loginWay !== undefined) void loadCode(() => import("./people/login-dialog.js"));
    this.requestUpdate();
    for (const element of this.querySelectorAll("*"))
      if (element instanceof ReactiveElement) element.requestUpdate();
  };

  readonly #onHash = (): void => {
    const { route } = this;
    this.route = parseRoute(location.hash);
    if (!isSameNotebook(route, this.route)) this.notebookTitle = undefined;
    this.#load();
  };

  /** A notebook page has its own, with its commands and cells. */
  readonly #onPaletteKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key !== "k") return;
    if (this.route.page === "notebook" || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    void this.#showPages();
  };

  async #showPages(): Promise<void> {
    const typed = await typedMeanwhile(loadCode(() => import("./elements/command-palette.js")));
    const list = {
      label: "Pages",
      placeholder: "Type the name of a page or of a notebook",
      entries: pageEntries(this.route.page),
      more: otherNotebooks(),
    };
    await this.querySelector("command-palette")?.show(list, typed);
  }

  protected override updated(): void {
    document.title = titleOf(this.route, this.notebookTitle);
  }

  /** Each page's code comes when it is first opened. */
  #load(): void {
    if (this.route.page === "home") void loadCode(() => import("./pages/home-page.js"));
    if (this.route.page === "notebook") void loadCode(() => import("./notebook/notebook-page.js"));
    if (this.route.page === "lake") void loadCode(() => import("./pages/lake-page.js"));
    if (this.route.page === "runs") void loadCode(() => import("./pages/runs-page.js"));
    if (this.route.page === "schedules") void loadCode(() => import("./pages/schedules-page.js"));
    if (this.route.page === "input") void loadCode(() => import("./pages/input-page.js"));
    if (this.route.page === "alerts") void loadCode(() => import("./pages/alerts-page.js"));
    if (this.route.page === "people") void loadCode(() => import("./pages/people-page.js"));
  }

  override render(): TemplateResult {
    const { route } = this;
    if (session.me === undefined) return this.#renderWaiting();
    const current = route.page === "notebook" ? "home" : route.page === "alerts" ? "runs" : route.page;
    return html`<header class="top">
        <a class="brand" href=${toHash({ page: "home" })}>Lakebook</a>
        <nav aria-label="Main">
          ${mainPages.map(({ label, to }) => html`<a href=${toHash(to)} aria-current=${to.page === current ? "page" : "false"}>${label}</a>`)}
        </nav>
        ${route.page === "notebook" ? this.#renderHere(route.name) : ""}
        <span class="spacer"></span>
        ${
          (route.page === "home" || route.page === "notebook") && may("upload")
            ? html`<button
                aria-label="Add a file"
                title="A CSV, JSON, Parquet or Excel file for input/; it may be dropped on the page too"
                @click=${() => {
                  this.fileDrop.choose();
                }}
              >
                <span class="wide">Add a file</span><span class="short">${renderIcon("add")}</span>
              </button>`
            : ""
        }
        <a href="/docs">Docs</a>
        <a class="api" href="/api/docs" target="_blank" rel="noreferrer">API</a>
        <button
          class="icon"
          title="Theme: ${this.theme}"
          aria-label="Theme: ${this.theme}"
          @click=${this.#onTheme}
        >
          ${renderIcon(this.theme)}
        </button>
        <account-menu @log-out=${this.#onLogOut}></account-menu>
      </header>
      ${this.#renderPage()} ${route.page === "notebook" ? "" : html`<command-palette></command-palette>`}
      <file-drop
        .place=${route.page === "notebook" ? "cell" : route.page === "input" ? "none" : "notebook"}
        .notebook=${route.page === "notebook" ? route.name : ""}
        @files-added=${(event: FilesAddedEvent) => {
          event.waitUntil(this.#onFiles(event.files));
        }}
      ></file-drop>
      <login-dialog
        .way=${session.loginWay}
        .user=${session.me.kind === "user" ? session.me.name : ""}
      ></login-dialog>`;
  }

  #renderWaiting(): TemplateResult {
    if (session.loginWay !== undefined) return renderLogin(session.loginWay);
    return html`<header class="top"><span class="brand">Lakebook</span></header>
      <main class="page">
        ${this.problem === "" ? html`<div class="skeleton tall" aria-busy="true"></div>` : html`<p class="problem" role="alert">${this.problem} Trying again.</p>`}
      </main>`;
  }

  /** Which notebook this is, and the way to the others. */
  #renderHere(name: string): TemplateResult {
    const { notebookTitle } = this;
    if (notebookTitle === undefined) return html`<span class="here">${name}</span>`;
    return html`<button
      class="here"
      aria-haspopup="dialog"
      title="${name}.md: go to another notebook"
      @click=${() => {
        this.querySelector<NotebookPage>("notebook-page")?.showNotebooks();
      }}
    >
      <span>${notebookTitle}</span> ${renderIcon("down")}
    </button>`;
  }

  /** On an open notebook each file becomes a cell at its end, on the page of files nothing, elsewhere all of them a notebook. */
  async #onFiles(files: readonly UploadedInput[]): Promise<void> {
    const cells = files.map(({ cell }) => cell);
    if (this.route.page === "notebook") {
      this.querySelector<NotebookPage>("notebook-page")?.addCells(cells);
      this.querySelector<DataPanel>("data-panel:defined")?.look();
      return;
    }
    const [first] = files;
    if (first === undefined) return;
    if (this.route.page === "input") {
      await this.querySelector<InputPage>("input-page")?.look();
      return;
    }
    const [, ...others] = withFreeNames(cells);
    const text = [first.notebook, ...others].join("\n");
    const { name } = await api.importNotebook(first.path.replace(/(\.[^./]*)?$/, ".md"), text);
    location.hash = toHash({ page: "notebook", name });
  }

  #renderPage(): TemplateResult {
    const { route } = this;
    switch (route.page) {
      case "home":
        return html`<home-page></home-page>`;
      case "notebook":
        return html`<notebook-page
          @add-file=${({ take }: AddFileEvent) => {
            this.fileDrop.choose(take);
          }}
          .name=${route.name}
          .target=${route.cell}
          .choices=${route.choices ?? ""}
          .view=${route.view}
          @notebook-title=${(event: NotebookTitleEvent) => (this.notebookTitle = event.title)}
        ></notebook-page>`;
      case "lake":
        return html`<lake-page
          .datasetName=${route.dataset}
          .date=${route.date}
          .from=${route.from}
          .to=${route.to}
        ></lake-page>`;
      case "runs":
        return html`<runs-page .run=${route.run} .check=${route.check}></runs-page>`;
      case "schedules":
        return html`<schedules-page .notebook=${route.notebook}></schedules-page>`;
      case "input":
        return html`<input-page
          @add-file=${() => {
            this.fileDrop.choose();
          }}
        ></input-page>`;
      case "alerts":
        return html`<alerts-page></alerts-page>`;
      case "people":
        return html`<people-page .tab=${route.part ?? "users"}></people-page>`;
    }
  }

  /** Not before what was typed is saved: afterwards nobody may. */
  async #onLogOut(): Promise<void> {
    const isSaved = await this.querySelector<NotebookPage>("notebook-page")?.save();
    if (isSaved === false) return;
    await api.logOut();
    location.reload();
  }

  #onTheme(): void {
    this.theme = nextTheme[this.theme];
    localStorage.setItem(THEME_KEY, this.theme);
    applyTheme(this.theme);
  }
}

function isSameNotebook(a: Route, b: Route): boolean {
  return a.page === "notebook" && b.page === "notebook" && a.name === b.name;
}

function readTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
