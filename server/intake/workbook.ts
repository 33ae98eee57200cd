import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AppError } from "../base/errors.js";
import { refusal } from "./file-kind.js";
import type { SheetTable } from "./sheet-table.js";

export interface ConvertedSheet extends SheetTable {
  readonly name: string;
  /** CSV without a header, every value in quotes. */
  readonly file: string;
}

export type WorkbookAnswer =
  | { readonly sheets: readonly ConvertedSheet[]; readonly hidden: readonly string[] }
  | { readonly problem: string };

/** Larger ones are read whole into memory, and seldom are what somebody wants in a workbook. */
const MAX_BYTES = 256 * 2 ** 20;
const MAX_MS = 10 * 60_000;

/** The visible sheets that hold something. Fails with code input where the workbook cannot be read. */
export async function readWorkbook(
  path: string,
  name: string,
  bytes: number,
  folder: string,
): Promise<Extract<WorkbookAnswer, { sheets: unknown }>> {
  if (bytes > MAX_BYTES)
    throw refusal(
      name,
      `is a workbook of more than ${String(MAX_BYTES / 2 ** 20)} MB`,
      "Save the sheet as CSV.",
    );
  const answer = await convert(path, folder);
  if (answer === undefined || "problem" in answer)
    throw new AppError(
      "input",
      `"${name}" cannot be read as a workbook. ${answer?.problem ?? ""}`.trimEnd(),
      {
        hint: "Open it in a spreadsheet program, remove its password if it has one, and save it as .xlsx or the sheet as CSV.",
      },
    );
  if (answer.sheets.length === 0)
    throw refusal(name, "has no sheet with anything in it", "Hidden sheets are not read.");
  return answer;
}

/** Undefined: the process ended without an answer, by a limit or by its time. */
async function convert(path: string, folder: string): Promise<WorkbookAnswer | undefined> {
  const child = spawn(process.execPath, [...nodeArguments(), path, folder], {
    cwd: folder,
    env: { TZ: "UTC", HOME: "/nonexistent", LANG: "C.UTF-8" },
    stdio: ["ignore", "pipe", "ignore"],
    timeout: MAX_MS,
    killSignal: "SIGKILL",
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  return output === "" ? undefined : (JSON.parse(output) as WorkbookAnswer);
}

/** Built, the script lies beside the bundle; in tests this file is TypeScript and so is the script. */
function nodeArguments(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const script = fileURLToPath(new URL(`./workbook-process.${isSource ? "ts" : "js"}`, import.meta.url));
  const loader = (): string => pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return ["--max-old-space-size=1024", ...(isSource ? ["--import", loader()] : []), script];
}
