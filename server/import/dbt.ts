import { AppError } from "../base/errors.js";
import { toName } from "../notebook/names.js";
import type { CellPart, CheckPart, Draft, Part } from "./draft.js";
import { dbtChecks, type ModelChecks } from "./dbt-checks.js";
import { dbtMacros, dbtUtilsMacros } from "./dbt-macros.js";
import { toRecord } from "./fenced.js";
import { Jinja, type JinjaValue } from "./jinja.js";
import { plainYaml } from "./literals.js";
import { looksLikeSql } from "./sql-script.js";

export interface ProjectFile {
  /** Below the folder that is imported, with `/`. */
  readonly path: string;
  readonly text: string;
}

interface Model {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

interface Source {
  readonly file: string;
  readonly isKnown: boolean;
}

/** What a model says by `config(…)`, over what the project says for its folder. */
type Config = Readonly<Record<string, unknown>>;

const PROJECT = /(^|\/)dbt_project\.ya?ml$/;

/** Whether files are those of a dbt project. */
export function isDbtProject(files: readonly ProjectFile[]): boolean {
  return files.some(({ path }) => PROJECT.test(path));
}

export interface Seed {
  /** Where it lies in what is imported. */
  readonly path: string;
  /** What it is called in `input/`. */
  readonly name: string;
}

/** Files that are data of the project: its cells read them in `input/`. */
export function dbtSeeds(files: readonly ProjectFile[]): Seed[] {
  const project = openProject(files);
  return seedsOf(project).map(({ path }) => ({ path: project.root + path, name: path.replace(/^.*\//, "") }));
}

function seedsOf({ below, seedPaths }: Project): ProjectFile[] {
  return below.filter(({ path }) => /\.csv$/i.test(path) && isIn(path, seedPaths));
}

/**
 * A dbt project as one notebook: a model is a cell under its own name, a dataset where it is a table; `ref` and `source` become names;
 * seeds and sources are cells that read files; tests are checks. Of Jinja, what needs no database is carried out, with the project's
 * variables and macros; a model whose template needs more is kept as a text, with what is not known.
 */
export function readDbt(files: readonly ProjectFile[]): Draft {
  const project = openProject(files);
  const { settings, below } = project;
  const models = below
    .filter(({ path }) => /\.sql$/i.test(path) && isIn(path, project.modelPaths))
    .map(toModel);
  const yamls = below
    .filter(({ path }) => /\.ya?ml$/i.test(path))
    .map(({ text }) => toRecord(plainYaml(text)));
  const described = describe(yamls);
  const sources = readSources(yamls);
  const jinja = new Renderer(project, sources);
  const macros = below.filter(({ path }) => /\.sql$/i.test(path) && isIn(path, project.macroPaths));
  jinja.define(macros.map(({ text }) => text));
  const seeds = seedsOf(project).map(({ path }): Part => seedCell(path));
  const modelParts = models.map((model) => jinja.model(model, settings, described.get(model.name)));
  const tests = below
    .filter(({ path }) => /\.sql$/i.test(path) && isIn(path, project.testPaths) && !/\/generic\//.test(path))
    .map((file) => jinja.test(file));
  const used = [...sources]
    .filter(([name]) => jinja.usedSources.has(name))
    .map(([name, source]) => sourceCell(name, source));
  return {
    title: project.name,
    parts: inSections([
      ["Sources", used],
      ["Seeds", seeds],
      ...byFolder(models, modelParts),
      ["Tests", tests],
    ]),
  };
}

interface Project {
  readonly name: string;
  /** Of dbt_project.yml; empty, or with `/` at its end. */
  readonly root: string;
  readonly settings: Config;
  /** Files below the project's folder, with paths from there. */
  readonly below: readonly ProjectFile[];
  readonly modelPaths: readonly string[];
  readonly seedPaths: readonly string[];
  readonly macroPaths: readonly string[];
  readonly testPaths: readonly string[];
}

function openProject(files: readonly ProjectFile[]): Project {
  const [main] = files.filter(({ path }) => PROJECT.test(path)).sort((a, b) => a.path.length - b.path.length);
  if (main === undefined)
    throw new AppError("usage", "The folder is no dbt project: it has no dbt_project.yml.");
  const root = main.path.replace(/[^/]*$/, "");
  const settings = toRecord(plainYaml(main.text));
  const listed = (keys: readonly string[], otherwise: string): readonly string[] => {
    const value = keys.map((key) => settings[key]).find(Array.isArray) as readonly unknown[] | undefined;
    return (value ?? [otherwise]).map((path) => String(path).replace(/^\.?\/|\/$/g, ""));
  };
  const name = typeof settings["name"] === "string" ? settings["name"] : "dbt project";
  return {
    name,
    root,
    settings,
    below: files
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, text }) => ({ path: path.slice(root.length), text }))
      .filter(({ path }) => !/^(target|dbt_packages|dbt_modules|logs)\//.test(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    modelPaths: listed(["model-paths", "source-paths"], "models"),
    seedPaths: listed(["seed-paths", "data-paths"], "seeds"),
    macroPaths: listed(["macro-paths"], "macros"),
    testPaths: listed(["test-paths"], "tests"),
  };
}

function isIn(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

function toModel({ path, text }: ProjectFile): Model {
  return { name: nameOf(path), path, text };
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

interface Described extends ModelChecks {
  readonly description?: string;
}

function describe(yamls: readonly Config[]): ReadonlyMap<string, Described> {
  const known = new Map<string, Described>();
  for (const yaml of yamls)
    for (const model of list(yaml["models"]).map(toRecord)) {
      const { name, description } = model;
      if (typeof name !== "string") continue;
      const isPlain = typeof description === "string" && !/\{\{/.test(description);
      known.set(name, { ...dbtChecks(model), ...(isPlain ? { description: description.trim() } : {}) });
    }
  return known;
}

function readSources(yamls: readonly Config[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const yaml of yamls)
    for (const source of list(yaml["sources"]).map(toRecord))
      for (const table of list(source["tables"]).map(toRecord)) {
        const [name, own] = [String(source["name"]), String(table["name"])];
        // As dbt-duckdb says where the files of a source are.
        const location = [table, source]
          .flatMap((each) => [toRecord(each["meta"]), toRecord(toRecord(each["config"])["meta"]), each])
          .map((each) => each["external_location"])
          .find((each) => typeof each === "string");
        const file = location?.replaceAll("{name}", own).replace(/^.*\//, "");
        const isKnown = file !== undefined && /^[\w.* -]+$/.test(file);
        sources.set(`${name}.${own}`, { file: isKnown ? file : `${own}.csv`, isKnown });
      }
  return sources;
}

/** Renders models and tests, and notes which sources they read. */
class Renderer {
  readonly usedSources = new Set<string>();
  readonly #jinja: Jinja;
  #config: Record<string, unknown> = {};

  constructor(project: Project, sources: ReadonlyMap<string, Source>) {
    const { settings } = project;
    const seeds = new Set(seedsOf(project).map(({ path }) => nameOf(path)));
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
      log: () => "",
      return: (value) => value as string,
      dbt: dbtMacros,
      dbt_utils: dbtUtilsMacros,
    };
    this.#jinja = new Jinja(known);
  }

  define(macros: readonly string[]): void {
    this.#jinja.define(macros);
  }

  model({ name, path, text }: Model, settings: Config, described: Described | undefined): Part {
    this.#config = {};
    const rendered = this.#jinja.render(text);
    if ("why" in rendered)
      return { kind: "left", why: `as of the model ${name} ${rendered.why}`, language: "sql", text };
    if (!looksLikeSql(rendered.text))
      return { kind: "left", why: `as the model ${name} is no query`, language: "sql", text };
    const config = { ...configOfFolder(settings, path), ...this.#config };
    return cellOf(name, rendered.text, config, described, /is_incremental\s*\(/.test(text));
  }

  test({ path, text }: ProjectFile): Part {
    const rendered = this.#jinja.render(text);
    const name = nameOf(path);
    if ("why" in rendered)
      return { kind: "left", why: `as of the test ${name} ${rendered.why}`, language: "sql", text };
    const check: CheckPart = { kind: "check", wanted: name, sql: withoutSemicolon(rendered.text) };
    return check;
  }
}

function cellOf(
  name: string,
  sql: string,
  config: Config,
  described: Described | undefined,
  isIncremental: boolean,
): CellPart {
  const materialized = config["materialized"] ?? "view";
  const isDataset = materialized === "table" || materialized === "incremental" || materialized === "external";
  const key = config["unique_key"] ?? undefined;
  const partitions = config["partition_by"];
  const { checks = [], notes = [], description } = described ?? {};
  const options = {
    ...(isDataset ? { materialize: "parquet" } : {}),
    ...(isDataset && typeof partitions === "string" ? { partition_by: [partitions] } : {}),
    ...(isDataset && (typeof key === "string" || Array.isArray(key)) ? { key } : {}),
    ...(description === undefined || description === "" ? {} : { description }),
    ...(checks.length === 0 ? {} : { checks }),
  };
  const whole = isIncremental
    ? ["What it does on later runs (is_incremental) is left out: it is computed whole."]
    : [];
  return { kind: "cell", wanted: name, sql: withoutSemicolon(sql), options, notes: [...notes, ...whole] };
}

/** `models: {project: {staging: {+materialized: view}}}`: the nearest folder wins. */
function configOfFolder(settings: Config, path: string): Config {
  let level = toRecord(settings["models"]);
  let config: Config = ownConfig(level);
  for (const part of [String(settings["name"]), ...path.split("/").slice(1, -1), nameOf(path)]) {
    if (!(part in level)) {
      if (part === String(settings["name"])) continue;
      break;
    }
    level = toRecord(level[part]);
    config = { ...config, ...ownConfig(level) };
  }
  return config;
}

function ownConfig(level: Config): Config {
  return Object.fromEntries(
    Object.entries(level).flatMap(([key, value]) =>
      key.startsWith("+") ? [[key.slice(1), value]] : typeof value === "object" ? [] : [[key, value]],
    ),
  );
}

function seedCell(path: string): CellPart {
  const file = `input/${path.replace(/^.*\//, "")}`;
  return { kind: "cell", wanted: nameOf(path), sql: `FROM '${file.replaceAll("'", "''")}'` };
}

function sourceCell(name: string, { file, isKnown }: Source): CellPart {
  const notes = [
    isKnown
      ? `Its file belongs at input/${file}.`
      : `Where its rows are is not known here: put them at input/${file}, or name another file.`,
  ];
  return { kind: "cell", wanted: toName(name), sql: `FROM 'input/${file.replaceAll("'", "''")}'`, notes };
}

type Section = readonly [title: string, parts: readonly Part[]];

/** Models by the folder that they are in, in the order of dbt's usual layers: a folder that others read first comes first by its name. */
function byFolder(models: readonly Model[], parts: readonly Part[]): Section[] {
  const sections = new Map<string, Part[]>();
  for (const [index, { path }] of models.entries()) {
    const folder = path.split("/").slice(1, -1).join(" / ");
    const part = parts[index];
    if (part !== undefined) sections.set(folder, [...(sections.get(folder) ?? []), part]);
  }
  const rank = (folder: string): number =>
    ["base", "stag", "inter"].findIndex((word) => folder.includes(word)) + 1 || 9;
  return [...sections]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([folder, all]): Section => [folder === "" ? "Models" : folder, all]);
}

function inSections(sections: readonly Section[]): Part[] {
  return sections.flatMap(([title, parts]): Part[] =>
    parts.length === 0 ? [] : [{ kind: "prose", markdown: `## ${title}` }, ...parts],
  );
}

function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/;\s*$/, "");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
