import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "../base/errors.js";

/** The JSON body as the schema has it; no body counts as `{}`. Fails with code usage. */
export async function readBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const text = await c.req.text();
  if (text !== "" && c.req.header("content-type") === undefined)
    throw new AppError("usage", "The body has no content type.", {
      hint: "Send the header content-type: application/json.",
    });
  return check(schema, text === "" ? {} : parseJson(text), "body");
}

/** The query of the URL as the schema has it: a list where the schema has one, else the first value. */
export function readQuery<T extends z.ZodObject>(c: Context, schema: T): z.output<T> {
  const given = Object.entries(c.req.queries()).map(([name, values]) => [
    name,
    isList(schema.shape[name]) ? values : values[0],
  ]);
  return check(schema, Object.fromEntries(given), "query");
}

function isList(schema: unknown): boolean {
  return schema instanceof z.ZodDefault ? isList(schema.def.innerType) : schema instanceof z.ZodArray;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("usage", "The body is not valid JSON.", { cause: error });
  }
}

/** Says what is wrong without repeating what was sent. */
function check<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const path = first?.path.map(String).join(".") ?? "";
  throw new AppError(
    "usage",
    `The ${part}${path === "" ? "" : ` has a wrong "${path}"`}: ${first?.message ?? "it is not valid"}.`,
  );
}
