import type { ControlType } from "./notebook.js";

/* What a control can be, for those who read one and those who offer it. */

export const parameterTypes = ["string", "integer", "number", "boolean", "date", "timestamp"] as const;

export const controlTypes = [
  "select",
  "text",
  "number",
  "slider",
  "date",
  "checkbox",
] as const satisfies readonly ControlType[];

/** What is chosen of those that do not say all that can be chosen, for each of which a link would have to store results. */
export const endlessChoices: Readonly<Partial<Record<ControlType, string>>> = {
  date: "date",
  number: "number",
  slider: "number",
  text: "text",
};

/** Which types of input a key has an effect on. The other keys are for all. */
export const controlTypesOfKey: Readonly<Record<string, readonly ControlType[]>> = {
  options: ["select"],
  multiple: ["select"],
  value_type: ["select", "text", "number", "slider"],
  min: ["number", "slider"],
  max: ["number", "slider"],
  step: ["number", "slider"],
};
