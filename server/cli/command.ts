import type { Options, Values } from "./arguments.js";
import type { Console } from "./console.js";
import type { ExitCode } from "./exit-code.js";

/** What every command is given. */
export interface CommandInput<T extends Options> {
  readonly positionals: readonly string[];
  readonly values: Values<T>;
  readonly console: Console;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

export interface Command<T extends Options> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What stands behind the name: `<notebook>`. */
  readonly arguments: string;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly options: T;
  run(input: CommandInput<T>): Promise<ExitCode>;
}

export const workspaceOption = {
  workspace: {
    type: "string",
    value: "DIR",
    help: "folder with notebooks/, input/ and data_lake/; default: the current one",
  },
} as const satisfies Options;

export const jsonOption = {
  json: { type: "boolean", help: "print JSON on standard output" },
} as const satisfies Options;

export const sparkOptions = {
  spark: {
    type: "string",
    value: "URL",
    help: "Spark Connect server for cells that ask for it, such as sc://host:15002; default: LAKEBOOK_SPARK",
  },
  "spark-lake": {
    type: "string",
    value: "PATH",
    help: "what Spark calls the folder data_lake/, such as file:///mnt/lake; default: its path here",
  },
} as const satisfies Options;

/** Keeps the types of a command's options. */
export function defineCommand<T extends Options>(command: Command<T>): Command<T> {
  return command;
}
