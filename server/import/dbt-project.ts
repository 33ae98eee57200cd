import { AppError } from "../base/errors.js";
import { dbtChecks, type ModelChecks } from "./dbt-checks.js";
import { toRecord } from "./fenced.js";
import { plainYaml, toList } from "./literals.js";

export interface ProjectFile {
  /** Below the folder that is imported, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Where the rows of a source are. */
export interface Source {
  readonly file: string;
  readonly isKnown: boolean;
}

/** What a model says by `config(…)`, over what the project says for its folder. */
export type Config = Readonly<Record<string, unknown>>;

const PROJECT = /(^|\/)dbt_project\.ya?ml$/;

/** Whether files are those of a dbt project. */
export function isDbtProject(files: readonly ProjectFile[]): boolean {
  return files.some(({ path }) => PROJECT.test(path));
}

export interface Project {
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
  readonly snapshotPaths: readonly string[];
}

/** Fails with code usage where there is none. */
export function openProject(files: readonly ProjectFile[]): Project {
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
    snapshotPaths: listed(["snapshot-paths"], "snapshots"),
  };
}

/** Files of one kind, by their ending, in the folders that the project names for it. */
export function filesOf({ below }: Project, folders: readonly string[], ending: RegExp): ProjectFile[] {
  return below.filter(
    ({ path }) => ending.test(path) && folders.some((folder) => path.startsWith(`${folder}/`)),
  );
}

/** Without folder and ending. */
export function nameOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

/** What files of properties say of a model, a seed, or a source. */
export interface Described extends ModelChecks {
  readonly description?: string;
  readonly config: Config;
}

/** By names; those of sources are `source.table`. */
export function describe(yamls: readonly Config[]): ReadonlyMap<string, Described> {
  const known = new Map<string, Described>();
  const add = (name: unknown, entry: Config): void => {
    if (typeof name === "string") known.set(name, toDescribed(entry));
  };
  for (const yaml of yamls) {
    for (const entry of [...entriesOf(yaml, "models"), ...entriesOf(yaml, "seeds")])
      add(entry["name"], entry);
    for (const source of entriesOf(yaml, "sources"))
      for (const table of entriesOf(source, "tables"))
        add(`${String(source["name"])}.${String(table["name"])}`, table);
  }
  return known;
}

function toDescribed(entry: Config): Described {
  const { description } = entry;
  const isPlain = typeof description === "string" && !/\{\{/.test(description);
  return {
    ...dbtChecks(entry),
    ...(isPlain ? { description: description.trim() } : {}),
    config: toRecord(entry["config"]),
  };
}

function entriesOf(yaml: Config, key: string): Config[] {
  return toList(yaml[key]).map(toRecord);
}

/** By the names `source.table`. */
export function readSources(yamls: readonly Config[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const yaml of yamls)
    for (const source of entriesOf(yaml, "sources"))
      for (const table of entriesOf(source, "tables")) {
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

/** What the project says: `models: {project: {staging: {+materialized: view}}}`: the nearest folder wins. */
export function configOfFolder(settings: Config, path: string): Config {
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
