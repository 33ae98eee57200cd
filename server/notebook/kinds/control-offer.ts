import type { ControlCell, ParameterScalar, ParameterValue } from "../notebook.js";

/**
 * What is wrong with a value of the parameter's type that the control does not offer: beyond its bounds, or not among the options that are
 * listed. Options of a query are known only once it has run; what the control begins with is always right.
 */
export function findNotOffered(
  { name, min = -Infinity, max = Infinity, options, parameter }: ControlCell,
  value: ParameterValue,
): { readonly message: string; readonly hint: string } | undefined {
  const chosen = itemsOf(value).filter(
    (item) => item !== null && !itemsOf(parameter.defaultValue).includes(item),
  );
  const isBounded = Number.isFinite(min) || Number.isFinite(max);
  if (isBounded && chosen.some((item) => Number(item) < min || Number(item) > max))
    return {
      message: `Parameter "${name}" must be ${boundsOf(min, max)}`,
      hint: "The control of that name says so in the notebook.",
    };
  if (options === undefined || !("values" in options)) return undefined;
  const { values } = options;
  if (chosen.every((item) => values.includes(item))) return undefined;
  const shown = values.slice(0, MAX_SHOWN).map(String).join(", ");
  return {
    message: `Parameter "${name}" must be one of the options of its control`,
    hint: `One of ${shown}${values.length > MAX_SHOWN ? ", …" : ""}.`,
  };
}

const MAX_SHOWN = 20;

function itemsOf(value: ParameterValue): readonly ParameterScalar[] {
  return Array.isArray(value) ? (value as readonly ParameterScalar[]) : [value as ParameterScalar];
}

function boundsOf(min: number, max: number): string {
  if (max === Infinity) return `${String(min)} or more`;
  return min === -Infinity ? `${String(max)} or less` : `from ${String(min)} to ${String(max)}`;
}
