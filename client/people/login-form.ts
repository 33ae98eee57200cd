import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError, logIn, logInByToken } from "../api-client.js";
import type { LoginWay } from "../session.js";

/** `<login-form>`: by name and password, or by the token. What waited for it goes on by itself. */
@customElement("login-form")
export class LoginForm extends LitElement {
  @property() way: LoginWay = "name";
  /** Who was logged in before. */
  @property() user = "";
  @state() private problem = "";
  /** Seconds until the server looks at another one. */
  @state() private waitS = 0;
  @state() private isBusy = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override firstUpdated(): void {
    const fields = [...this.querySelectorAll("input")];
    (fields.find(({ value }) => value === "") ?? fields[0])?.focus();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("problem") && this.problem !== "")
      this.querySelector<HTMLInputElement>("input[type=password]")?.select();
  }

  override render(): TemplateResult {
    const isWrong = this.problem === "" ? nothing : "true";
    return html`<form class="fields" @submit=${this.#onSubmit}>
      ${
        this.way === "name"
          ? html`<label
                >Name
                <input
                  name="name"
                  required
                  maxlength="200"
                  autocomplete="username"
                  autocapitalize="none"
                  spellcheck="false"
                  .value=${this.user}
                  aria-invalid=${isWrong}
              /></label>
              <label
                >Password
                <input
                  name="password"
                  type="password"
                  required
                  maxlength="4000"
                  autocomplete="current-password"
                  aria-invalid=${isWrong}
              /></label>`
          : html`<label
              >Token <input name="token" type="password" required autocomplete="off" aria-invalid=${isWrong}
            /></label>`
      }
      <p class="problem" role="alert" ?hidden=${this.problem === ""}>
        ${this.problem}${this.waitS > 0 ? ` Try again in ${String(this.waitS)} s.` : nothing}
      </p>
      <button class="primary" ?disabled=${this.isBusy || this.waitS > 0}>Log in</button>
    </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isBusy || this.waitS > 0) return;
    const fields = new FormData(event.target as HTMLFormElement);
    const read = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    this.problem = "";
    this.isBusy = true;
    try {
      await (this.way === "name"
        ? logIn(read("name").trim(), read("password"))
        : logInByToken(read("token").trim()));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
      this.#wait(error.retryAfter ?? 0);
    } finally {
      this.isBusy = false;
    }
  };

  #wait(seconds: number): void {
    clearInterval(this.#timer);
    this.waitS = seconds;
    if (seconds === 0) return;
    this.#timer = setInterval(() => {
      this.waitS--;
      if (this.waitS > 0) return;
      clearInterval(this.#timer);
      this.problem = "";
    }, 1000);
  }
}
