/** Somebody who has a notebook open. */
export interface Present {
  /** Of the page, not of the person: one person may have two pages open. */
  readonly page: string;
  readonly name: string;
  /** The cell that the page is in. */
  readonly cell?: string;
}

interface OpenPage {
  present: Present;
  /** Another one: the page has connected again. */
  connection: symbol;
}

const MAX_PAGES = 100;
/** Of one person, who keeps nobody else from being shown. */
const MAX_PAGES_EACH = 20;

/** Who has which notebook open, and in which cell: known as long as the page follows its events, and kept nowhere. */
export class Presence {
  readonly #notebooks = new Map<string, Map<string, OpenPage>>();
  readonly #tell: (notebook: string, people: readonly Present[]) => void;

  constructor(tell: (notebook: string, people: readonly Present[]) => void) {
    this.#tell = tell;
  }

  of(notebook: string): readonly Present[] {
    return [...(this.#notebooks.get(notebook)?.values() ?? [])].map(({ present }) => present);
  }

  /**
   * Returns what is to be called when the connection ends. Beyond a hundred pages, or twenty of one person, nobody is added. A page is
   * called what it likes: another person's page of that name is another one.
   */
  join(notebook: string, { page, name }: Omit<Present, "cell">): () => void {
    const pages = this.#notebooks.get(notebook) ?? new Map<string, OpenPage>();
    const key = keyOf(page, name);
    const before = pages.get(key);
    const own = [...pages.values()].filter(({ present }) => present.name === name).length;
    if (before === undefined && (pages.size >= MAX_PAGES || own >= MAX_PAGES_EACH)) return () => undefined;
    const connection = Symbol(page);
    pages.set(key, { present: { ...before?.present, page, name }, connection });
    this.#notebooks.set(notebook, pages);
    this.#tell(notebook, this.of(notebook));
    return () => {
      if (pages.get(key)?.connection !== connection) return;
      pages.delete(key);
      if (pages.size === 0) this.#notebooks.delete(notebook);
      this.#tell(notebook, this.of(notebook));
    };
  }

  /** False where no connection of that page is known, or it is somebody else's. */
  move(
    notebook: string,
    { page, name, cell }: Omit<Present, "cell"> & { readonly cell?: string | undefined },
  ): boolean {
    const known = this.#notebooks.get(notebook)?.get(keyOf(page, name));
    if (known === undefined) return false;
    if (known.present.cell === cell) return true;
    known.present = { page, name, ...(cell === undefined ? {} : { cell }) };
    this.#tell(notebook, this.of(notebook));
    return true;
  }
}

function keyOf(page: string, name: string): string {
  return `${name}\n${page}`;
}
