import { isAbsolute, relative, sep } from "node:path";

/** How Spark sees the lake's folder, which may be mounted elsewhere there. */
export class LakePaths {
  readonly #folder: string;
  readonly #base: string;

  /** `base`: Spark's path of the folder, e.g. `file:///mnt/lake`; default: the same path. */
  constructor(folder: string, base = `file://${folder}`) {
    this.#folder = folder;
    this.#base = base.replace(/\/+$/, "");
  }

  /** Undefined for what does not lie in the lake, and so cannot be seen there. */
  toSpark(path: string): string | undefined {
    const below = relative(this.#folder, path);
    if (below === "" || below.startsWith("..") || isAbsolute(below)) return undefined;
    return `${this.#base}/${below.split(sep).join("/")}`;
  }
}
