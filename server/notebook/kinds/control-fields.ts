import { z } from "zod";
import { field, type FieldValues } from "../fields.js";
import { controlTypes, parameterTypes } from "../control-options.js";
import { textSchema } from "../schemas.js";
import { widthField } from "./width-field.js";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const number = (key: string) => field(key, z.number(), "a number", "10");

export const controlFields = {
  type: field("type", z.enum(controlTypes), `one of ${controlTypes.join(", ")}`, "select"),
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
  width: widthField,
};

export type ControlValues = FieldValues<typeof controlFields>;
