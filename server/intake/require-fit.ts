import type { FileKind } from "./file-kind.js";
import { refusal } from "./file-kind.js";
import type { TakenFile } from "./take-in.js";

const words = { csv: "CSV", json: "JSON", parquet: "Parquet" } as const;
const compressions = { none: "not packed", gzip: "packed with gzip", zstd: "packed with zstd" } as const;

/**
 * The one file that takes the place of `input/<name>`. Fails with code input where those who read it by that name could not read
 * it: it is of another kind, is packed in another way, or is a workbook whose sheets have names of their own.
 */
export function requireFit(name: string, files: readonly TakenFile[]): TakenFile {
  const [file] = files;
  if (file === undefined || files.length > 1 || file.name !== name)
    throw refusal(
      name,
      `is not what its sheets would become: ${files.map((each) => `input/${each.name}`).join(", ")}`,
      "Send the workbook without replacing, or the sheet as a file of its own.",
    );
  const kind = kindOfName(name);
  if (kind !== undefined && kind !== file.kind)
    throw refusal(
      name,
      `is read as ${words[kind]}, and what was sent is ${words[file.kind]}`,
      "Nothing was replaced. Send the file of that kind.",
    );
  const compression = /\.gz$/i.test(name) ? "gzip" : /\.zst$/i.test(name) ? "zstd" : "none";
  if (kind !== undefined && kind !== "parquet" && compression !== file.compression)
    throw refusal(
      name,
      `is ${compressions[file.compression]}, which its name does not say`,
      "Nothing was replaced. Pack or unpack it, as the name says.",
    );
  return file;
}

/** Undefined where the name does not say. */
function kindOfName(name: string): Exclude<FileKind, "workbook"> | undefined {
  const ending = /\.([A-Za-z]+)(\.(gz|zst))?$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (["json", "jsonl", "ndjson", "geojson"].includes(ending)) return "json";
  if (["csv", "tsv", "tab"].includes(ending)) return "csv";
  return ending === "parquet" ? "parquet" : undefined;
}
