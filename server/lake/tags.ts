import { AppError } from "../base/errors.js";
import { assertNotebookName, assertRunDate } from "./layout.js";
import type { Tag, TagEntry } from "./model.js";
import type { LakeState } from "./state.js";

export interface TagRequest {
  readonly notebook: string;
  readonly date: string;
  readonly name: string;
}

/** What else `lakebook diff` takes for a version. */
const reserved = new Set(["latest", "draft", "lake", "last-run"]);

/** At most 64 letters, digits, `.`, `_` and `-`; not what looks like a run date. */
function assertTagName(name: string): void {
  const isSlug = /^[a-z0-9_][a-z0-9._-]{0,63}$/i.test(name);
  if (isSlug && !reserved.has(name.toLowerCase()) && !/^\d{4}-\d\d-\d\d/.test(name)) return;
  throw new AppError("usage", `"${name}" cannot be the name of a tag`, {
    hint: "Use letters, digits, _, . and -; latest, draft and run dates mean something else.",
  });
}

type TagDraft = Omit<TagEntry, "format" | "seq" | "at">;

/** What is to be committed so that the publication of now has the name; undefined where it has it already. */
export function draftTag(state: LakeState, { notebook, date, name }: TagRequest): TagDraft | undefined {
  assertNotebookName(notebook);
  assertRunDate(date);
  assertTagName(name);
  const publication = state.publication(notebook, date);
  if (publication === undefined)
    throw new AppError("not-found", `Notebook "${notebook}" has published nothing for ${date}.`, {
      hint: "List what there is with: lakebook lake",
    });
  const taken = state.tag(notebook, name);
  if (taken?.txn === publication.txn) return undefined;
  if (taken !== undefined)
    throw new AppError(
      "conflict",
      `"${name}" is the tag of ${describeTagged(state, taken)} of "${notebook}" already.`,
      { hint: `Delete it first: lakebook tag ${notebook} ${taken.runDate} ${name} --delete` },
    );
  return { type: "tag", notebook, runDate: date, name, txn: publication.txn, isDeleted: false };
}

/** What is to be committed so that nothing has the name any longer. */
export function draftUntag(state: LakeState, { notebook, date, name }: TagRequest): TagDraft {
  const tag = state.tag(notebook, name);
  if (tag?.runDate !== date)
    throw new AppError("not-found", `Notebook "${notebook}" has no tag "${name}" for ${date}.`, {
      hint: "List the tags with: lakebook tag",
    });
  return { type: "tag", notebook, runDate: date, name, txn: tag.txn, isDeleted: true };
}

/** `2026-10-01@3`. */
export function describeTagged(state: LakeState, tag: Tag): string {
  return `${tag.runDate}@${String(state.numberOf(tag))}`;
}
