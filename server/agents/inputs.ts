import { z } from "zod";
import { namedRecord } from "../base/named-record.js";

/** What several tools are given. */
export const notebook = z.string().max(300).describe("name of a notebook, as list_notebooks gives it");
export const cell = z.string().max(300).describe("name of a cell");
export const date = z.string().max(20).optional().describe("run date, YYYY-MM-DD; default: today");
export const parameters = namedRecord(z.unknown())
  .optional()
  .describe("values of the notebook's parameters by name; default: theirs");

/** Without the keys that were not given: the API takes no undefined. */
export function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;
}
