import { AppError } from "../base/errors.js";
import { readDatedName } from "../base/run-date.js";
import type { TaskControl } from "../engine/engine.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { VersionName } from "../lake/state.js";
import { suggest } from "../text/suggest.js";
import { compareVersions, type VersionDiff } from "./compare-versions.js";
import { requirePublished } from "./published-place.js";

/** What a side of a comparison is. */
export interface DiffPlace {
  readonly version: string;
  /** Absent of a draft. */
  readonly runDate?: string;
  /** Of the publication, among those of its notebook and run date. */
  readonly number?: number;
  readonly publishedAt?: string;
}

/** A dataset at two places. */
export interface DatasetDiff extends VersionDiff {
  readonly dataset: string;
  /** As they were asked for. */
  readonly from: string;
  readonly to: string;
  readonly fromPlace: DiffPlace;
  readonly toPlace: DiffPlace;
}

export interface DiffRequest {
  readonly dataset: string;
  /** A run date, `latest`, `draft`, `2026-10-01@3`, a tag, or a version as `lakebook.versions` and runs name it. */
  readonly from: string;
  readonly to: string;
  /** Columns that rows are matched by; without any, the dataset's key or what is found to be one. */
  readonly key?: readonly string[] | undefined;
}

/** Fails with code not-found where there is no such dataset or place, with usage for what can be no place. */
export async function diffPlaces(
  services: { readonly lake: Lake; readonly engine: Engine },
  { dataset, from, to, key }: DiffRequest,
  control: TaskControl,
): Promise<DatasetDiff> {
  const { lake } = services;
  requireDataset(lake, dataset);
  const [fromPlace, toPlace] = [findPlace(lake, dataset, from), findPlace(lake, dataset, to)];
  const nameOf = ({ version }: DiffPlace): VersionName => ({ dataset, version });
  const diff = await compareVersions(services, nameOf(fromPlace), nameOf(toPlace), control, key);
  return { dataset, from, to, fromPlace, toPlace, ...diff };
}

function requireDataset(lake: Lake, dataset: string): void {
  const isKnown =
    lake.newestVersion(dataset) !== undefined ||
    lake.history().some(({ datasets }) => Object.hasOwn(datasets, dataset));
  if (isKnown) return;
  const near = suggest(dataset, lake.storedNames());
  throw new AppError("not-found", `Dataset "${dataset}" does not exist.`, {
    hint: near === undefined ? "List what there is with: lakebook lake" : `Did you mean "${near}"?`,
  });
}

function findPlace(lake: Lake, dataset: string, name: string): DiffPlace {
  if (name === "draft") return findDraft(lake, dataset);
  if (lake.state.store(dataset, name) !== undefined) return { version: name };
  const tagged = taggedPlaces(lake, dataset, name);
  const [place, ...others] = tagged;
  if (place !== undefined && others.length === 0) return asPlace(lake, dataset, place);
  if (place !== undefined)
    throw new AppError(
      "usage",
      `"${name}" is a tag of several notebooks that published "${dataset}": ${tagged.join(", ")}.`,
    );
  if (name !== "latest" && readDatedName(name) === undefined) throw unknownPlace(lake, dataset, name);
  return asPlace(lake, dataset, name);
}

function findDraft(lake: Lake, dataset: string): DiffPlace {
  const draft = lake.newestVersion(dataset);
  if (draft !== undefined) return { version: draft.version };
  throw new AppError("not-found", `Dataset "${dataset}" has no draft.`, { hint: "Run its notebook." });
}

function asPlace(lake: Lake, dataset: string, name: string): DiffPlace {
  const { version, runDate, number, publication } = requirePublished(lake, dataset, name);
  return { version, runDate, number, publishedAt: publication.at };
}

/** As `2026-10-01@3`. */
function taggedPlaces({ state }: Lake, dataset: string, name: string): string[] {
  return state
    .tags()
    .filter((tag) => tag.name === name)
    .filter((tag) => {
      const past = state.publicationsOf(tag.notebook, tag.runDate)[state.numberOf(tag) - 1];
      return past !== undefined && Object.hasOwn(past.datasets, dataset);
    })
    .map((tag) => `${tag.runDate}@${String(state.numberOf(tag))}`);
}

function unknownPlace({ state }: Lake, dataset: string, name: string): AppError {
  const tags = state.tags().map((tag) => tag.name);
  const near = suggest(name, ["latest", "draft", ...tags]);
  const isTag = tags.includes(name);
  return isTag
    ? new AppError("not-found", `What the tag "${name}" names has no dataset "${dataset}".`)
    : new AppError(
        "usage",
        `"${name}" is neither a run date nor a publication of one, latest, draft or a tag.`,
        {
          hint:
            near === undefined
              ? "Write e.g. 2026-10-01, 2026-10-01@3 or latest; lakebook tag lists the tags."
              : `Did you mean "${near}"?`,
        },
      );
}
