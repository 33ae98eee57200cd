import type { Span } from "../base/source.js";
import type { Report } from "./report.js";

/** Names that folders of the lake and schemas of the engine already have. */
export const reservedNames: readonly string[] = ["initial_datasets", "latest", "lake", "lakebook", "_runs"];

// A dataset is a folder and its CSV a file: a name must fit a file system's limit of 255 bytes with room for more.
const longestName = 120;

export const namePattern = /^[a-z_][a-z0-9_]*$/;

export function isName(text: string): boolean {
  return namePattern.test(text) && text.length <= longestName;
}

/** Returns the nearest valid name: `Città 1` becomes `citta_1`. */
export function toName(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  const slug = plain
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, longestName - 1)
    .replace(/^_+|_+$/g, "");
  if (slug === "") return "cell_1";
  return /^[0-9]/.test(slug) ? `_${slug}` : slug;
}

/** Reports a name that is malformed or belongs to the product. */
export function checkName(name: string, span: Span, report: Report, reserved = reservedNames): void {
  if (!isName(name)) {
    const message =
      name.length > longestName
        ? `A name of ${name.length} characters is longer than the ${longestName} allowed`
        : `"${name}" is not a name: names are lower-case letters, digits and underscores`;
    report.error("invalid-name", span, message, `Write "${toName(name)}".`);
  } else if (reserved.includes(name)) {
    report.error(
      "reserved-name",
      span,
      `"${name}" is reserved`,
      `Choose another name, e.g. "my_${toName(name)}".`,
    );
  }
}

/**
 * Reports a name that only a relation may have: a dataset is a folder, and readers such as Spark and Hive take one
 * that begins with _ for hidden.
 */
export function checkDatasetName(name: string, span: Span, report: Report): void {
  if (!name.startsWith("_") || !isName(name)) return;
  const shorter = name.replace(/^_+/, "");
  const plain = isName(shorter) && !reservedNames.includes(shorter) ? shorter : `t${name}`;
  const message = `"${name}" is not a name for a dataset: many readers overlook a folder that begins with _`;
  report.error("invalid-name", span, message, `Write "${plain}".`);
}
