import { AppError, type ErrorCode } from "../base/errors.js";
import { suggest } from "./suggest.js";

/** A name that is none of `names`, with the one that was probably meant. */
export function unknownName(
  code: ErrorCode,
  message: string,
  name: string,
  names: Iterable<string>,
): AppError {
  const near = suggest(name, names);
  return new AppError(code, message, near === undefined ? {} : { hint: `Did you mean "${near}"?` });
}
