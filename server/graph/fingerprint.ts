import { hashOf } from "../base/hash.js";

/**
 * What makes a cell's result what it is. Two cells with equal parts give the same rows, so a stored
 * version can stand for a run. What cannot change the data (comments, descriptions, checks) is no part.
 */
export interface FingerprintParts {
  readonly engine: string;
  /** The query's tree without positions, and without the names of relations where those say nothing. */
  readonly query: string;
  /** Options that change what is written, e.g. `partition_by`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: readonly (readonly [name: string, value: unknown])[];
  /** Name of each relation that is read, or its number in the query, and what identifies its content. */
  readonly relations: readonly (readonly [name: string, content: string])[];
  /** Path as the SQL writes it (globs: each file) and SHA-256. */
  readonly files: readonly (readonly [path: string, sha256: string])[];
  /** For a volatile cell: itself and the attempt that it was computed in. */
  readonly nonce?: string;
}

/** Raised when the meaning of a part changes, so that older versions are not taken for new ones. */
const FINGERPRINT_FORMAT = 2;

export function fingerprintOf(parts: FingerprintParts): string {
  return hashOf([
    FINGERPRINT_FORMAT,
    parts.engine,
    parts.query,
    parts.options,
    byName(parts.parameters),
    byName(parts.relations),
    byName(parts.files),
    parts.nonce ?? null,
  ]);
}

function byName<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
