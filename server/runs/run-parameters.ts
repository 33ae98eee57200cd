import { AppError } from "../base/errors.js";
import { unknownName } from "../text/unknown-name.js";
import { findNotOffered } from "../notebook/kinds/control-offer.js";
import { parametersOf } from "../notebook/kinds/kinds.js";
import type { ParameterValue } from "../notebook/notebook.js";
import { checkParameterValue, parseParameterValue } from "../notebook/parameters.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";

/** Fails with code usage for a name that is no parameter, or a value that does not fit, or that its control does not offer. */
export function readParameters(
  analyzed: AnalyzedNotebook,
  given: Readonly<Record<string, unknown>>,
): Record<string, ParameterValue> {
  const definitions = parametersOf(analyzed.notebook);
  const values = new Map<string, ParameterValue>();
  for (const [name, value] of Object.entries(given)) {
    const definition = definitions.get(name);
    if (definition === undefined) {
      const message = `Parameter "${name}" does not exist in notebook "${analyzed.notebook.name}".`;
      throw unknownName("usage", message, name, definitions.keys());
    }
    // A text is read as --param writes it: "5" for an integer, "BCN,MAD" for a list.
    const checked =
      typeof value === "string"
        ? parseParameterValue(definition, value)
        : checkParameterValue(definition, value);
    if (!checked.ok) throw new AppError("usage", `${checked.message}.`, { hint: checked.hint });
    const control = analyzed.notebook.cells.find(
      (cell) => cell.kind === "input" && cell.name === definition.inputCell,
    );
    const wrong = control?.kind === "input" ? findNotOffered(control, checked.value) : undefined;
    if (wrong !== undefined) throw new AppError("usage", `${wrong.message}.`, { hint: wrong.hint });
    values.set(name, checked.value);
  }
  return Object.fromEntries(values);
}
