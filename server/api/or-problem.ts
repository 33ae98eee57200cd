import { isAppError, type ErrorCode } from "../base/errors.js";
import type { ExpectedProblem } from "./answers.js";
import { toErrorBody } from "./on-error.js";
import type { ApiServices } from "./services.js";

/** What may be wrong with a cell while somebody works on it. */
const ordinary: ReadonlySet<ErrorCode> = new Set(["usage", "query", "input", "invalid-notebook"]);

/** What is ordinary is an answer, and no request that fails. */
export async function orProblem<T>(
  { workspace }: Pick<ApiServices, "workspace">,
  work: () => Promise<T>,
  also?: ErrorCode,
): Promise<T | ExpectedProblem> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error) || !(ordinary.has(error.code) || error.code === also)) throw error;
    return { problem: toErrorBody(error, workspace.root).error };
  }
}
