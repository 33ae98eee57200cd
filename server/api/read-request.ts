import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { SourceText } from "../base/source.js";
import { decodeUtf8, findUnstorable } from "../text/utf8.js";

/**
 * The JSON body as the schema has it; no body counts as `{}`. Fails with code usage, also where a text in it cannot be
 * kept as it is: what is not UTF-8 would become another character without a word.
 */
export async function readBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const { text, invalid } = decodeUtf8(new Uint8Array(await c.req.arrayBuffer()));
  if (text !== "" && c.req.header("content-type") === undefined)
    throw new AppError("usage", "The body has no content type.", {
      hint: "Send the header content-type: application/json.",
    });
  if (invalid === undefined) {
    const value = text === "" ? {} : parseJson(text);
    requireStorable(value, "a character that no text can hold");
    return check(schema, value, "body");
  }
  const { offset, byte } = invalid;
  const marked = parseJson(`${text.slice(0, offset)}\ud800${text.slice(offset + 1)}`);
  requireStorable(marked, "a byte that is not UTF-8");
  throw new AppError("usage", `Byte ${String(byte)} of the body is not UTF-8.`);
}

interface Part {
  readonly value: unknown;
  readonly path: string;
}

/** Looks into every text and every name. Without recursion: a body may be nested more deeply than the stack is. */
function requireStorable(body: unknown, what: string): void {
  const waiting: Part[] = [{ value: body, path: "" }];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value, path } = part;
    if (typeof value === "string") {
      const offset = findUnstorable(value);
      if (offset !== -1) throw unstorable(value, offset, what, path);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        waiting.push({ value: inner, path: path === "" ? name : `${path}.${name}` });
        if (!Array.isArray(value)) waiting.push({ value: name, path });
      }
    }
  }
}

function unstorable(text: string, offset: number, what: string, path: string): AppError {
  const { line, column } = new SourceText("body", text).positionAt(offset);
  const isNul = text[offset] === "\0";
  return new AppError(
    "usage",
    `The body has in "${path}", line ${String(line)}, column ${String(column)}, ${isNul ? "a NUL character" : what}.`,
    {
      hint: "Nothing was changed. Remove it, or send the text as UTF-8.",
      details: { path, line, column },
    },
  );
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
