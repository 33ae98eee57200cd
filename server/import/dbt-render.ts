import { toName } from "../notebook/names.js";
import { dbtMacros, dbtUtilsMacros } from "./dbt-macros.js";
import { filesOf, nameOf, type Config, type Project, type Source } from "./dbt-project.js";
import { toRecord } from "./fenced.js";
import { Jinja, type JinjaValue, type Rendered } from "./jinja.js";

export interface RenderedFile {
  readonly result: Rendered;
  /** What it said by `config(…)`. */
  readonly config: Config;
}

/** Carries out the templates of a project, and notes which sources they read. */
export class Renderer {
  readonly usedSources = new Set<string>();
  readonly #jinja: Jinja;
  #config: Record<string, unknown> = {};

  constructor(project: Project, sources: ReadonlyMap<string, Source>) {
    const { settings } = project;
    const seeds = new Set(filesOf(project, project.seedPaths, /\.csv$/i).map(({ path }) => nameOf(path)));
    const variables: Record<string, unknown> = {
      ...toRecord(settings["vars"]),
      ...toRecord(toRecord(settings["vars"])[String(settings["name"])]),
    };
    const known: Record<string, JinjaValue> = {
      ref: (...given) => toName(String(given.filter((each) => typeof each === "string").at(-1))),
      source: (schema, table) => {
        // A source is often what a seed puts into the database.
        if (seeds.has(String(table))) return toName(String(table));
        const name = `${String(schema)}.${String(table)}`;
        if (!sources.has(name)) throw new Error(`no file of the project describes its source ${name}`);
        this.usedSources.add(name);
        return toName(name);
      },
      config: (...given) => {
        Object.assign(this.#config, toRecord(given.at(-1)));
        return "";
      },
      var: (name, otherwise) => {
        const value = variables[String(name)] ?? otherwise;
        if (value === undefined) throw new Error(`its variable ${String(name)} has no value in the project`);
        return value;
      },
      is_incremental: () => false,
      env_var: (name, otherwise) => {
        if (typeof otherwise === "string") return otherwise;
        throw new Error(`its environment variable ${String(name)} has no value in the project`);
      },
      // What the project does in production.
      target: { name: "prod", type: "duckdb", schema: "main", database: "main", profile_name: "default" },
      range: rangeOf,
      log: () => "",
      return: (value) => value as string,
      dbt: dbtMacros,
      dbt_utils: dbtUtilsMacros,
    };
    this.#jinja = new Jinja(known);
    this.#jinja.define(filesOf(project, project.macroPaths, /\.sql$/i).map(({ text }) => text));
  }

  render(template: string): RenderedFile {
    this.#config = {};
    const result = this.#jinja.render(template);
    return { result, config: this.#config };
  }
}

/** Python's, up to 10,000 numbers. */
function rangeOf(...given: unknown[]): number[] {
  const [first = 0, second, step = 1] = given.filter((each): each is number => typeof each === "number");
  const [from, to] = second === undefined ? [0, first] : [first, second];
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  if (length > 10_000) throw new Error("its template counts too far");
  return Array.from({ length }, (_, index) => from + index * step);
}
