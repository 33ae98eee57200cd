import { parseArgs, type ParseArgsConfig } from "node:util";
import { AppError, messageOf } from "../base/errors.js";
import { suggest } from "../text/suggest.js";

/** An option of a command, for parsing and for its help. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands for the value in the help: `YYYY-MM-DD`. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O extends { readonly type: "boolean" }
  ? boolean
  : O extends { readonly multiple: true }
    ? string[]
    : string;
export type Values<T extends Options> = { readonly [K in keyof T]?: Value<T[K]> };

export interface Arguments<T extends Options> {
  readonly positionals: readonly string[];
  readonly values: Values<T>;
}

/** Fails with code usage, naming the option that was probably meant. */
export function parseArguments<T extends Options>(
  args: readonly string[],
  options: T,
  positionals: { readonly min: number; readonly max: number; readonly usage: string },
): Arguments<T> {
  const config: ParseArgsConfig["options"] = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { type: option.type, multiple: option.multiple ?? false },
    ]),
  );
  for (const arg of args) {
    if (arg === "--") break;
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name === undefined || Object.hasOwn(options, name)) continue;
    const near = suggest(name, Object.keys(options));
    throw new AppError("usage", `Option "--${name}" does not exist.`, {
      hint: near === undefined ? positionals.usage : `Did you mean "--${near}"?`,
    });
  }
  try {
    const parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
    if (parsed.positionals.length < positionals.min || parsed.positionals.length > positionals.max) {
      throw new AppError(
        "usage",
        parsed.positionals.length < positionals.min
          ? "An argument is missing."
          : `Argument "${parsed.positionals[positionals.max] ?? ""}" is one too many.`,
        { hint: positionals.usage },
      );
    }
    return { positionals: parsed.positionals, values: parsed.values as Values<T> };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("usage", messageOf(error).split("\n")[0] ?? "The arguments are not valid.", {
      hint: positionals.usage,
      cause: error,
    });
  }
}

/** `k=v` pairs; fails with code usage on anything else. */
export function parsePairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new AppError("usage", `"--param ${pair}" is not of the form name=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export function parseWholeNumber(text: string, name: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new AppError(
    "usage",
    `"--${name} ${text}" is not a whole number from ${String(min)} to ${String(max)}.`,
  );
}
