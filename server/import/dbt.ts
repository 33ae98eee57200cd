import { toName } from "../notebook/names.js";
import { readSeverity } from "./dbt-checks.js";
import {
  configOfFolder,
  describe,
  filesOf,
  nameOf,
  openProject,
  readSources,
  type Config,
  type Described,
  type Project,
  type ProjectFile,
  type Source,
} from "./dbt-project.js";
import { Renderer } from "./dbt-render.js";
import type { CellPart, Draft, Part } from "./draft.js";
import { toRecord } from "./fenced.js";
import { plainYaml } from "./literals.js";
import { looksLikeSql } from "./sql-script.js";

export interface Seed {
  /** Where it lies in what is imported. */
  readonly path: string;
  /** What it is called in `input/`. */
  readonly name: string;
}

export interface DbtImport {
  readonly draft: Draft;
  /** Files that are data of the project: its cells read them in `input/`. */
  readonly seeds: readonly Seed[];
}

/**
 * A dbt project as one notebook: a model is a cell under its own name, a dataset where it is a table; `ref` and `source` become names;
 * seeds and sources are cells that read files; tests are checks. Of Jinja, what needs no database is carried out, with the project's
 * variables and macros; a model whose template needs more is kept as a text, with what is not known. Fails with code usage where
 * the files are no project.
 */
export function readDbt(files: readonly ProjectFile[]): DbtImport {
  const project = openProject(files);
  const properties = filesOf(project, [...project.modelPaths, ...project.seedPaths], /\.ya?ml$/i);
  const yamls = properties.map(({ text }) => toRecord(plainYaml(text)));
  const described = describe(yamls);
  const sources = readSources(yamls);
  const renderer = new Renderer(project, sources);
  const models = filesOf(project, project.modelPaths, /\.(sql|py)$/i);
  const parts = models.map((file) => modelPart(file, project, renderer, described.get(nameOf(file.path))));
  const tests = filesOf(project, project.testPaths, /\.sql$/i)
    .filter(({ path }) => !/\/generic\//.test(path))
    .map((file) => testPart(file, renderer));
  const seeds = filesOf(project, project.seedPaths, /\.csv$/i);
  const used = [...sources].filter(([name]) => renderer.usedSources.has(name));
  const draft = {
    title: project.name,
    parts: inSections([
      ["Sources", used.map(([name, source]) => sourceCell(name, source, described.get(name)))],
      ["Seeds", seeds.map(({ path }) => seedCell(path, described.get(nameOf(path))))],
      ...byFolder(models, parts),
      ["Tests", tests],
      [
        "Left out",
        [...filesOf(project, project.snapshotPaths, /\.sql$/i).map(snapshotPart), ...unknown(properties)],
      ],
    ]),
  };
  return {
    draft,
    seeds: seeds.map(({ path }) => ({ path: project.root + path, name: path.replace(/^.*\//, "") })),
  };
}

function modelPart(
  { path, text }: ProjectFile,
  project: Project,
  renderer: Renderer,
  described: Described | undefined,
): Part {
  const name = nameOf(path);
  if (/\.py$/i.test(path))
    return {
      kind: "left",
      why: `as the model ${name} is Python: a cell is one query`,
      language: "python",
      text,
    };
  const { result, config: own } = renderer.render(text);
  if ("why" in result)
    return { kind: "left", why: `as of the model ${name} ${result.why}`, language: "sql", text };
  if (!looksLikeSql(result.text))
    return { kind: "left", why: `as the model ${name} is no query`, language: "sql", text };
  const config = { ...configOfFolder(project.settings, path), ...described?.config, ...own };
  return modelCell(name, result.text, config, described, /is_incremental\s*\(/.test(text));
}

function modelCell(
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
  const { options, notes } = properties(described);
  const hooks = ["pre_hook", "post_hook", "pre-hook", "post-hook"].filter((hook) => hook in config);
  return {
    kind: "cell",
    wanted: name,
    sql: withoutSemicolon(sql),
    options: {
      ...(isDataset ? { materialize: "parquet" } : {}),
      ...(isDataset && typeof partitions === "string" ? { partition_by: [partitions] } : {}),
      ...(isDataset && (typeof key === "string" || Array.isArray(key)) ? { key } : {}),
      ...options,
      ...(config["enabled"] === false ? { disabled: true } : {}),
    },
    notes: [
      ...notes,
      ...(isIncremental
        ? ["What it does on later runs (is_incremental) is left out: it is computed whole."]
        : []),
      ...hooks.map((hook) => `Its ${hook} is left out.`),
    ],
  };
}

function testPart({ path, text }: ProjectFile, renderer: Renderer): Part {
  const name = nameOf(path);
  const { result, config } = renderer.render(text);
  if ("why" in result)
    return { kind: "left", why: `as of the test ${name} ${result.why}`, language: "sql", text };
  const severity = readSeverity(config);
  if (severity === undefined)
    return {
      kind: "left",
      why: `as the test ${name} has settings that no check has`,
      language: "sql",
      text,
    };
  const [first] = severity;
  const isOff = config["enabled"] === false;
  const isPlain = severity.length === 1;
  const sql = withoutSemicolon(result.text);
  return {
    kind: "check",
    wanted: name,
    sql,
    options: { ...first, ...(isOff ? { disabled: true } : {}) },
    ...(isPlain ? {} : { notes: ["That fewer failing rows warn is left out."] }),
  };
}

function properties(described: Described | undefined): Required<Pick<CellPart, "options" | "notes">> {
  const { checks = [], notes = [], description = "" } = described ?? {};
  return {
    options: { ...(description === "" ? {} : { description }), ...(checks.length === 0 ? {} : { checks }) },
    notes,
  };
}

function seedCell(path: string, described: Described | undefined): CellPart {
  const file = `input/${path.replace(/^.*\//, "")}`;
  return {
    kind: "cell",
    wanted: nameOf(path),
    sql: `FROM '${file.replaceAll("'", "''")}'`,
    ...properties(described),
  };
}

function sourceCell(name: string, { file, isKnown }: Source, described: Described | undefined): CellPart {
  const { options, notes } = properties(described);
  const place = isKnown
    ? `Its file belongs at input/${file}.`
    : `Where its rows are is not known here: put them at input/${file}, or name another file.`;
  const sql = `FROM 'input/${file.replaceAll("'", "''")}'`;
  return { kind: "cell", wanted: toName(name), sql, options, notes: [place, ...notes] };
}

function snapshotPart({ path, text }: ProjectFile): Part {
  const why = `as the snapshot ${nameOf(path)} keeps what a table held before: versions of datasets do that`;
  return { kind: "left", why, language: "sql", text };
}

/** What files of properties hold and no cell is. */
function unknown(files: readonly ProjectFile[]): Part[] {
  return files.flatMap(({ path, text }): Part[] => {
    const yaml = plainYaml(text);
    if (yaml === undefined)
      return [{ kind: "left", why: `as ${path} cannot be read`, language: "yaml", text }];
    const keys = Object.keys(toRecord(yaml)).filter((key) =>
      /^(snapshots|unit_tests|metrics|semantic_models|saved_queries|exposures)$/.test(key),
    );
    const why = `as there is no ${keys.join(", ")} here (${path})`;
    return keys.length === 0 ? [] : [{ kind: "left", why, language: "yaml", text }];
  });
}

type Section = readonly [title: string, parts: readonly Part[]];

/** Models by the folder that they are in, in the order of dbt's usual layers: a folder that others read first comes first by its name. */
function byFolder(models: readonly ProjectFile[], parts: readonly Part[]): Section[] {
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
