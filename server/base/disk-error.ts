import { AppError, isSystemError } from "./errors.js";

const explanations: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: ["the disk is full", "Free space on that disk, then do it again."],
  EDQUOT: ["the disk quota is used up", "Free space or raise the quota, then do it again."],
  EROFS: ["the file system is read-only", "Make it writable; commands that only read work without."],
  EACCES: ["permission denied", "Give the user that runs Lakebook access to it."],
  EPERM: ["the operation is not permitted", "Give the user that runs Lakebook the right to it."],
  EISDIR: ["there is a folder in its place", "Move it away, then do it again."],
  EIO: ["the disk reported an input/output error", "Check the disk before anything else is written to it."],
  EMFILE: ["this process has too many files open", "Raise its limit (ulimit -n) and start it again."],
  ENFILE: ["the system has too many files open", "Close other programs or raise the system's limit."],
};

/** What Node's `mkdir` with `recursive` says of a full or read-only disk too. */
const noFolder = [
  "the folder could not be made: the disk is full, or read-only, or the folder above it is gone",
  "Check that, then do it again.",
] as const;

/** Names the disk's trouble for people; any other error is returned as it is. */
export function toDiskError(error: unknown, path?: string): unknown {
  if (!isSystemError(error)) return error;
  const isNoFolder = error.code === "ENOENT" && error.syscall === "mkdir";
  const explanation = isNoFolder ? noFolder : explanations[error.code ?? ""];
  if (explanation === undefined) return error;
  const [what, hint] = explanation;
  const message = `"${path ?? placeOf(error) ?? "data_lake"}": ${what} (${error.code} in ${error.syscall})`;
  return new AppError("disk", message, { hint, cause: error, details: { errno: error.code } });
}

/** `path` is what people know: not a temporary file, nor nothing, as in errors of open files. */
export async function withDiskErrors<T>(path: string | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toDiskError(error, path);
  }
}

function placeOf(error: NodeJS.ErrnoException & { readonly dest?: string }): string | undefined {
  return error.dest ?? error.path;
}
