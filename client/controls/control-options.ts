import type { CellFacts } from "../store/document.js";
import type { ControlScalar, ControlValue } from "./control-events.js";

export type ControlType = "select" | "text" | "number" | "slider" | "date" | "checkbox";
export type ParameterType = "string" | "integer" | "number" | "boolean" | "date" | "timestamp";

/** What an input cell says, as the server's view of the notebook has it. */
export interface ControlSettings {
  readonly inputType: ControlType;
  readonly label?: string;
  readonly description?: string;
  readonly options?: { readonly sql: string } | { readonly values: readonly ControlScalar[] };
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly parameter: {
    readonly name: string;
    readonly type: ParameterType;
    readonly isList: boolean;
    readonly defaultValue: ControlValue;
  };
}

/** Nothing for a cell that is no input. */
export function readSettings(cell: CellFacts): ControlSettings | undefined {
  return cell.kind === "input" ? (cell.options as unknown as ControlSettings) : undefined;
}

/** Reads what was typed as a value of the type; undefined where it is none yet. */
export function parseTyped(
  text: string,
  { inputType, min, max, parameter }: ControlSettings,
): ControlScalar | undefined {
  const { type } = parameter;
  if (type === "string") return text;
  if (text.trim() === "") return null;
  if (type === "integer" || type === "number") {
    const number = Number(text);
    const fits = Number.isFinite(number) && (type === "number" || Number.isInteger(number));
    const hasBounds = inputType === "number" || inputType === "slider";
    const isWithin = !hasBounds || (number >= (min ?? -Infinity) && number <= (max ?? Infinity));
    if (!fits || !isWithin) return undefined;
    // What JavaScript has no number for keeps its digits as a text.
    return type === "number" || Number.isSafeInteger(number) ? number : wholeNumber(text);
  }
  if (type === "date") return /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? text.trim() : undefined;
  if (type === "boolean")
    return /^(true|false)$/i.test(text.trim()) ? /^true$/i.test(text.trim()) : undefined;
  return text.trim();
}

function wholeNumber(text: string): string | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const number = BigInt(text.trim().replace(/^\+/, ""));
  return BigInt.asIntN(64, number) === number ? String(number) : undefined;
}

/** What is chosen, as a list. */
export function chosenOf(value: ControlValue): readonly ControlScalar[] {
  if (Array.isArray(value)) return value as readonly ControlScalar[];
  return value === null ? [] : [value as ControlScalar];
}

export function formatOption(value: ControlScalar): string {
  if (value === null) return "none";
  return value === "" ? "empty" : String(value);
}

/** How a number is written while it is dragged: with the digits of its step. */
export function formatSlider(value: number, step: number | undefined): string {
  const digits = /\.(\d+)$/.exec(String(step ?? ""))?.[1]?.length ?? 0;
  return Number.isInteger(value) && digits === 0 ? String(value) : value.toFixed(digits);
}
