import { html, nothing, type TemplateResult } from "lit";

/** The fields of a new password: it is typed twice, since nobody sees what they type. */
export function renderNewPassword({ isWrong = false, isFirst = false } = {}): TemplateResult {
  return html`<input
    name="password"
    type="password"
    required
    minlength="8"
    maxlength="1000"
    ?autofocus=${isFirst}
    autocomplete="new-password"
    aria-invalid=${isWrong ? "true" : nothing}
    @input=${compare}
  />`;
}

export function renderRepeated(): TemplateResult {
  return html`<input
    name="repeated"
    type="password"
    required
    autocomplete="new-password"
    @input=${compare}
  />`;
}

/** The browser says it at the field, and sends nothing. */
function compare(event: Event): void {
  const { form } = event.target as HTMLInputElement;
  const [first, second] = ["password", "repeated"].map((name) => form?.elements.namedItem(name));
  if (!(first instanceof HTMLInputElement && second instanceof HTMLInputElement)) return;
  second.setCustomValidity(first.value === second.value ? "" : "This is another password than above.");
}
