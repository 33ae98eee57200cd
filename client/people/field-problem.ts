import { html, nothing, type TemplateResult } from "lit";
import { ApiError } from "../api-client.js";

/** What was wrong, and with which field of a form. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The server's sentence belongs to the field that it names; else to the first. Throws what is no answer of the server. */
export function toFieldProblem(error: unknown, fields: readonly [string, ...string[]]): FieldProblem {
  if (!(error instanceof ApiError)) throw error;
  const message = [error.message, error.hint ?? ""].join(" ").trim();
  const field = fields.find((name) => error.message.toLowerCase().includes(name)) ?? fields[0];
  return { field, message };
}

export function renderFieldProblem(
  problem: FieldProblem | undefined,
  field: string,
): TemplateResult | typeof nothing {
  return problem?.field === field
    ? html`<span class="problem" role="alert">${problem.message}</span>`
    : nothing;
}
