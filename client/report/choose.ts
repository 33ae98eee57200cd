/*
 * Controls of a report behind a link or in a file: each result is there for each choice, in a `<template>`, and is put in
 * place of the one that is shown. Nobody is asked for anything.
 */

/** Puts controls in the place of what they were set to. `onNew`: what comes into the page for the first time. */
export function addControls(report: HTMLElement, onNew: (card: HTMLElement) => void): void {
  const boxes = [...report.querySelectorAll<HTMLElement>(".control:has(> template)")];
  if (boxes.length === 0) return;
  for (const box of boxes) {
    const template = box.querySelector("template");
    if (template !== null) box.replaceChildren(template.content);
    addAll(box);
  }
  const cards = [...report.querySelectorAll<HTMLElement>(".report-card[data-reads]")].map(
    (element) => new Card(element, onNew),
  );
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  report.append(status);
  for (const box of boxes)
    box.addEventListener("change", () => {
      const places = boxes.map(placeOf);
      const changed = cards.filter((card) => card.show(places));
      status.textContent = `${String(changed.length)} ${changed.length === 1 ? "result" : "results"} changed.`;
    });
}

/** Which of its options is chosen; of boxes to tick the sum of 1, 2, 4 … for each. */
function placeOf(box: HTMLElement): number {
  const select = box.querySelector("select");
  if (select !== null) return select.selectedIndex;
  return ticks(box).reduce((sum, { checked }, place) => sum + (checked ? 2 ** place : 0), 0);
}

function ticks(box: HTMLElement): readonly HTMLInputElement[] {
  return [...box.querySelectorAll<HTMLInputElement>(".tick:not(.all) input")];
}

/** The box that ticks all others of its control. */
function addAll(box: HTMLElement): void {
  const all = box.querySelector<HTMLInputElement>(".all input");
  if (all === null) return;
  const others = ticks(box);
  const follow = (): void => {
    all.checked = others.every(({ checked }) => checked);
    all.indeterminate = !all.checked && others.some(({ checked }) => checked);
  };
  all.addEventListener("change", () => {
    for (const other of others) other.checked = all.checked;
  });
  box.addEventListener("change", follow);
  follow();
}

interface Sorted {
  readonly name: string;
  readonly direction: string | null;
}

class Card {
  readonly #element: HTMLElement;
  readonly #onNew: (card: HTMLElement) => void;
  /** Places of controls, in their list. */
  readonly #reads: readonly number[];
  readonly #waiting = new Map<string, HTMLTemplateElement>();
  /** What was shown before, as it was left. */
  readonly #left = new Map<string, readonly Node[]>();
  #key: string;

  constructor(element: HTMLElement, onNew: (card: HTMLElement) => void) {
    this.#element = element;
    this.#onNew = onNew;
    const { reads = "", key = "" } = element.dataset;
    this.#reads = reads.split(" ").map(Number);
    this.#key = key;
    for (const template of element.querySelectorAll<HTMLTemplateElement>(":scope > template")) {
      this.#waiting.set(template.dataset["key"] ?? "", template);
      template.remove();
    }
  }

  /** Returns whether it shows something else than before. */
  show(places: readonly number[]): boolean {
    const key = this.#reads.map((place) => String(places[place])).join(" ");
    if (key === this.#key) return false;
    const old = [...this.#element.childNodes];
    const kept = this.#left.get(key);
    const looked = { search: this.#search()?.value ?? "", sorted: this.#sorted() };
    this.#left.set(this.#key, old);
    this.#key = key;
    this.#element.replaceChildren(...(kept ?? this.#waiting.get(key)?.content.childNodes ?? []));
    if (kept === undefined) this.#onNew(this.#element);
    this.#carry(looked);
    return true;
  }

  #search(): HTMLInputElement | null {
    return this.#element.querySelector("input[type=search]");
  }

  #sorted(): Sorted | undefined {
    const head = this.#element.querySelector("th[aria-sort]");
    return head === null ? undefined : { name: head.textContent, direction: head.getAttribute("aria-sort") };
  }

  /** Who looks for something, in an order, does so in other rows too. */
  #carry({ search, sorted }: { readonly search: string; readonly sorted: Sorted | undefined }): void {
    const field = this.#search();
    if (field !== null && field.value !== search) {
      field.value = search;
      field.dispatchEvent(new Event("input"));
    }
    const heads = [...this.#element.querySelectorAll("th")];
    const head =
      heads.find(({ textContent }) => textContent === sorted?.name) ??
      heads.find((other) => other.ariaSort !== null);
    // Ascending, descending, none: each is at most two presses away.
    for (let presses = 0; presses < 2 && head !== undefined; presses++)
      if (head.getAttribute("aria-sort") !== (sorted?.direction ?? null))
        head.querySelector("button")?.click();
  }
}
