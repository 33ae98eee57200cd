import type { FileReference } from "../../graph/query-analysis.js";

/** Columns of a call that its options ask for, and that are in no file. */
export function addedByReader({ options = [] }: FileReference, sql: string): readonly string[] {
  const named = /\bfilename\s*(?:=>?|:=)\s*'((?:[^']|'')+)'/i.exec(sql)?.[1]?.replaceAll("''", "'");
  return [
    ...(options.includes("filename") ? [named ?? "filename"] : []),
    ...(options.includes("file_row_number") ? ["file_row_number"] : []),
  ];
}
