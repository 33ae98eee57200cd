import { readFile } from "node:fs/promises";

/** The product's version. The same place from the bundle, from the sources and from an installed package. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
