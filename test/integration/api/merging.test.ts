import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mergeNotebooks } from "../../../server/notebook/merge/merge.js";
import { splitNotebook } from "../../../server/notebook/merge/units.js";
import { parseNotebook } from "../../../server/notebook/parse.js";
import type { Random } from "../../../server/workspace/sample/random.js";
import { seededRandom } from "../../support/seed.js";
import { createWorkspace } from "./harness.js";
import { ServerProcess } from "./processes.js";

/** `MERGE_TRIAL_SECONDS=120`: as long as that instead of a number of edits. */
const seconds = Number(process.env["MERGE_TRIAL_SECONDS"] ?? 0);
const EDITORS = 10;
const EDITS = 6;
const MOST_SAVES = 200;

const cells = Array.from(
  { length: 6 },
  (_, at) => `\`\`\`sql\n--| cell: cell_${String(at)}\nSELECT 1\n\`\`\`\n`,
);
const text = `---\ntitle: Many\n---\n\n# Many\n\n${cells.join("\nSome words.\n\n")}`;

let root: string;
let server: ServerProcess;

interface Answer {
  readonly text: string;
  readonly etag: string;
}

/** One that types: what it holds is what its page would, and it saves as a page does. */
class Editor {
  readonly accepted: string[] = [];
  /** How often somebody else was first. */
  merges = 0;
  #base: Answer = { text: "", etag: "" };
  #mine = "";
  #sent: string[] = [];
  readonly #name: string;
  readonly #random: Random;

  constructor(name: string, random: Random) {
    this.#name = name;
    this.#random = random;
  }

  async open(): Promise<void> {
    this.#base = await this.#read();
    this.#mine = this.#base.text;
  }

  async edit(): Promise<void> {
    const line = `-- ${this.#name} ${String(this.accepted.length).padStart(4, "0")}`;
    this.#mine = this.#change(line);
    await this.#save();
    this.accepted.push(line);
  }

  /** A line at the end of a cell; sometimes the cell is moved to another place, or gets another name. */
  #change(line: string): string {
    const random = this.#random;
    const { units } = splitNotebook(this.#mine);
    const own = units.filter(({ type }) => type === "cell");
    const cell = own[random.integer(0, own.length - 1)];
    if (cell === undefined) throw new Error("no cell is left");
    let changed = this.#mine.replace(cell.text, () => cell.text.replace(/\n```$/, `\n${line}\n\`\`\``));
    const name = cell.name ?? "";
    if (random.chance(0.1))
      changed = changed.replace(
        `cell: ${name}\n`,
        `cell: ${name.split("__")[0] ?? ""}__${line.replace(/\W+/g, "_").slice(1)}\n`,
      );
    if (random.chance(0.1)) {
      const parts = splitNotebook(changed).units.map((unit) => unit.text);
      const [moved = ""] = parts.splice(random.integer(1, parts.length - 1), 1);
      parts.splice(random.integer(1, parts.length), 0, moved);
      changed = `---\ntitle: Many\n---\n\n${parts.join("\n\n")}\n`;
    }
    return changed;
  }

  async #save(): Promise<void> {
    for (let save = 0; save < MOST_SAVES; save++) {
      const answer = await this.#put().catch(() => undefined);
      if (answer?.status === 200) {
        this.#base = (await answer.json()) as Answer;
        this.#mine = this.#base.text;
        this.#sent = [];
        return;
      }
      await answer?.body?.cancel();
      await this.#merge().catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
    }
    throw new Error(`${this.#name} could not save`);
  }

  #put(): Promise<Response> {
    this.#sent.push(this.#mine);
    return fetch(`${server.url}/api/notebooks/many`, {
      method: "PUT",
      headers: { ...headers(), "if-match": `"${this.#base.etag}"` },
      body: JSON.stringify({ text: this.#mine }),
    });
  }

  /** Of a place that both changed it takes both: theirs, and its own lines below. */
  async #merge(): Promise<void> {
    const theirs = await this.#read();
    const versions = { base: this.#base.text, mine: this.#mine, theirs: theirs.text, sent: this.#sent };
    const { text: merged, conflicts } = mergeNotebooks(versions);
    let both = merged;
    for (const { mine, theirs: other, kind } of [...conflicts].reverse()) {
      if (kind !== "edited" || mine === undefined || other === undefined) continue;
      const known = new Set(linesOf(other));
      const own = linesOf(mine).filter((line) => line.startsWith("-- ") && !known.has(line));
      both = both.replace(other, () =>
        other.replace(/\n```$/, `${own.map((line) => `\n${line}`).join("")}\n\`\`\``),
      );
    }
    this.merges++;
    [this.#base, this.#mine, this.#sent] = [theirs, both, []];
  }

  async #read(): Promise<Answer> {
    const answer = await fetch(`${server.url}/api/notebooks/many`, { headers: headers() });
    if (answer.status !== 200) throw new Error(`answered ${String(answer.status)}`);
    return (await answer.json()) as Answer;
  }
}

function linesOf(source: string): string[] {
  return source.split("\n");
}

function headers(): Record<string, string> {
  return { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
}

describe("ten editors in one notebook", () => {
  beforeAll(async () => {
    root = await createWorkspace({ "notebooks/many.md": text });
    server = await ServerProcess.start(root, [], { isShared: true });
  });

  afterAll(() => server.kill());

  test("lose no edit, through moves, renames and a restart of the server, and each one's are in order", async () => {
    const random = seededRandom("ten editors");
    const editors = Array.from({ length: EDITORS }, (_, at) => new Editor(`editor_${String(at)}`, random));
    await Promise.all(editors.map((editor) => editor.open()));
    const end = Date.now() + seconds * 1000;
    const isOver = ({ accepted }: Editor): boolean =>
      seconds > 0 ? Date.now() > end : accepted.length >= EDITS;
    const restart = async (): Promise<void> => {
      const half = (): boolean =>
        seconds > 0
          ? Date.now() > end - seconds * 500
          : editors.some(({ accepted }) => accepted.length >= EDITS / 2);
      while (!half()) await new Promise((resolve) => setTimeout(resolve, 20));
      await server.kill();
      server = await ServerProcess.start(root, [], { isShared: true });
    };
    const type = async (editor: Editor): Promise<void> => {
      while (!isOver(editor)) await editor.edit();
    };
    await Promise.all([restart(), ...editors.map(type)]);
    const last = await fetch(`${server.url}/api/notebooks/many`, { headers: headers() });
    const { text: result } = (await last.json()) as Answer;
    const lines = linesOf(result);
    const merges = editors.reduce((sum, editor) => sum + editor.merges, 0);
    const count = editors.reduce((sum, editor) => sum + editor.accepted.length, 0);
    console.log(
      `ten editors: ${String(count)} edits, ${String(merges)} merges, ${String(lines.length)} lines`,
    );
    for (const { accepted } of editors) {
      const missing = accepted.filter((line) => !lines.includes(line));
      expect(missing).toEqual([]);
      const twice = accepted.filter((line) => lines.indexOf(line) !== lines.lastIndexOf(line));
      expect(twice).toEqual([]);
    }
    // Of one cell: what an editor typed first stands above what it typed next.
    const { notebook, diagnostics } = parseNotebook("many", "many.md", result);
    expect(notebook.cells).toHaveLength(6);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    for (const { span } of notebook.cells)
      for (let at = 0; at < EDITORS; at++) {
        const own = linesOf(result.slice(span.start, span.end)).filter((line) =>
          line.startsWith(`-- editor_${String(at)} `),
        );
        expect(own).toEqual([...own].sort());
      }
  }, 600_000);
});
