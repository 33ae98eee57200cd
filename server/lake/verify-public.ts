import { join } from "node:path";
import { forEachConcurrently } from "./concurrency.js";
import { maybeReadText } from "../base/durable.js";
import type { Lake } from "./lake.js";
import { CATALOG } from "./layout.js";
import { isLinkOrCopy } from "./link-tree.js";
import { REPAIRED_AT_OPENING, RESTORE_SOURCE, problemAt } from "./problem.js";
import type { Problem, ProblemCode } from "./problem.js";
import type { PublicItem } from "./public-items.js";
import type { PublicSet } from "./public-view.js";
import { listTree, maybeStat } from "./tree.js";
import { maybeHash } from "./verify-versions.js";

export interface VerifyPublicOptions {
  readonly deep: boolean;
  /** Absolute paths of files of versions that are not what was stored: what is linked to them is not either. */
  readonly damaged: ReadonlySet<string>;
}

/** Every public folder shows what the log says, and nothing that was taken from public is still there. */
export async function verifyPublic(lake: Lake, options: VerifyPublicOptions): Promise<Problem[]> {
  const { view } = lake.parts;
  const problems: Problem[] = [];
  for (const runDate of view.runDates())
    problems.push(...(await verifySet(lake, await view.ofDate(runDate), options)));
  problems.push(...(await verifySet(lake, await view.latest(view.datasetNames()), options)));
  if (view.datasetNames().length > 0) problems.push(...(await verifyCatalog(lake)));
  return problems;
}

/** Manifests that cannot be read were reported with their versions. */
async function verifySet(
  lake: Lake,
  { items, stale }: PublicSet,
  options: VerifyPublicOptions,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const item of items) problems.push(...(await verifyItem(lake, item, options)));
  for (const path of stale.map((below) => join(lake.folder, below))) {
    if (maybeStat(path) === undefined) continue;
    problems.push(
      problemAt(lake, "public-extra", path, "is public no longer and still there", REPAIRED_AT_OPENING),
    );
  }
  return problems;
}

async function verifyItem(lake: Lake, item: PublicItem, options: VerifyPublicOptions): Promise<Problem[]> {
  const path = join(lake.folder, item.path);
  if (item.type === "tree") return verifyTree(lake, path, item.files, options);
  if (item.type === "text") return verifyText(lake, "public-differs", path, item.text);
  const problem = await verifyFile(lake, path, item.source, options);
  return problem === undefined ? [] : [problem];
}

async function verifyTree(
  lake: Lake,
  folder: string,
  files: ReadonlyMap<string, string>,
  options: VerifyPublicOptions,
): Promise<Problem[]> {
  const tree = await listTree(folder);
  if (tree === undefined)
    return [problemAt(lake, "public-missing", folder, "is missing", REPAIRED_AT_OPENING)];
  const problems: Problem[] = [];
  await forEachConcurrently([...files], 2, async ([path, source]) => {
    const problem = await verifyFile(lake, join(folder, path), source, options);
    if (problem !== undefined) problems.push(problem);
  });
  const extra = tree.files.filter(({ path }) => !files.has(path)).map(({ path }) => join(folder, path));
  return [
    ...problems,
    ...extra.map((path) =>
      problemAt(lake, "public-extra", path, "does not belong there", REPAIRED_AT_OPENING),
    ),
  ];
}

async function verifyFile(
  lake: Lake,
  path: string,
  source: string,
  { deep, damaged }: VerifyPublicOptions,
): Promise<Problem | undefined> {
  const [shown, stored] = [maybeStat(path), maybeStat(source)];
  if (shown === undefined) return problemAt(lake, "public-missing", path, "is missing", REPAIRED_AT_OPENING);
  const isLinked = shown.ino === stored?.ino && shown.dev === stored.dev;
  if (isLinked && damaged.has(source)) {
    return problemAt(
      lake,
      "public-differs",
      path,
      "was edited in place, and the version with it",
      RESTORE_SOURCE,
    );
  }
  if (!isLinkOrCopy(shown, stored)) {
    const hint = stored === undefined || damaged.has(source) ? RESTORE_SOURCE : REPAIRED_AT_OPENING;
    return problemAt(lake, "public-differs", path, "is not what was published", hint);
  }
  const isSame = isLinked || !deep || (await maybeHash(path)) === (await maybeHash(source));
  return isSame
    ? undefined
    : problemAt(lake, "public-differs", path, "was changed", "Delete it: it is made anew.");
}

async function verifyText(lake: Lake, code: ProblemCode, path: string, text: string): Promise<Problem[]> {
  const found = await maybeReadText(path);
  if (found === text) return [];
  if (found === undefined)
    return [problemAt(lake, "public-missing", path, "is missing", REPAIRED_AT_OPENING)];
  return [problemAt(lake, code, path, "is not what was published", "Delete it: it is made anew.")];
}

async function verifyCatalog(lake: Lake): Promise<Problem[]> {
  const text = await lake.parts.view.catalog().catch(() => undefined);
  return text === undefined ? [] : verifyText(lake, "catalog-differs", join(lake.folder, CATALOG), text);
}
