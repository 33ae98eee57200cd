import { z } from "zod";
import { field, type FieldValues } from "../fields.js";
import type { ControlType } from "../notebook.js";
import { parameterTypes } from "../parameters.js";
import { textSchema } from "../schemas.js";

const inputTypes = [
  "select",
  "text",
  "number",
  "slider",
  "date",
  "checkbox",
] as const satisfies readonly ControlType[];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const number = (key: string) => field(key, z.number(), "a number", "10");

export const controlFields = {
  type: field("type", z.enum(inputTypes), `one of ${inputTypes.join(", ")}`, "select"),
  label: field("label", textSchema, "a text", "City"),
  description: field("description", textSchema, "a text", "The city to look at"),
  options: field(
    "options",
    z.union([textSchema, z.array(scalar).min(1)]),
    "a query or a list of values",
    "[BCN, MAD]",
  ),
  multiple: field("multiple", z.boolean(), "true or false", "true"),
  valueType: field("value_type", z.enum(parameterTypes), `one of ${parameterTypes.join(", ")}`, "integer"),
  min: number("min"),
  max: number("max"),
  step: field("step", z.number().positive(), "a number above 0", "5"),
};

export type ControlValues = FieldValues<typeof controlFields>;

/** Which types of input a key has an effect on. The other keys are for all. */
export const controlTypesOfKey: Readonly<Record<string, readonly ControlType[]>> = {
  options: ["select"],
  multiple: ["select"],
  value_type: ["select", "text", "number", "slider"],
  min: ["number", "slider"],
  max: ["number", "slider"],
  step: ["number", "slider"],
};
