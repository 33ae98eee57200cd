import { ownVersion } from "../api/own-version.js";
import { AppError, isAppError, isSystemError, messageOf } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { toDiskError } from "../base/disk-error.js";
import { parseArguments, type Options } from "./arguments.js";
import type { Command } from "./command.js";
import type { Console } from "./console.js";
import { exitCodeOfError, type ExitCode } from "./exit-code.js";
import { escapeControls } from "./format.js";

type AnyCommand = Command<Options>;

/** Loaded when needed: a small command must not wait for what a server needs. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  serve: async () => (await import("./commands/serve.js")).serve,
  run: async () => (await import("./commands/run.js")).run,
  materialize: async () => (await import("./commands/run.js")).materialize,
  check: async () => (await import("./commands/check.js")).check,
  test: async () => (await import("./commands/test.js")).test,
  graph: async () => (await import("./commands/graph.js")).graph,
  lineage: async () => (await import("./commands/lineage.js")).lineage,
  query: async () => (await import("./commands/query.js")).query,
  runs: async () => (await import("./commands/runs.js")).runs,
  retry: async () => (await import("./commands/run.js")).retry,
  schedule: async () => (await import("./commands/schedule.js")).schedule,
  backfill: async () => (await import("./commands/schedule.js")).backfill,
  input: async () => (await import("./commands/input.js")).input,
  lake: async () => (await import("./commands/lake.js")).lake,
  diff: async () => (await import("./commands/diff.js")).diff,
  rollback: async () => (await import("./commands/rollback.js")).rollback,
  tag: async () => (await import("./commands/tag.js")).tag,
  alerts: async () => (await import("./commands/alerts.js")).alerts,
  verify: async () => (await import("./commands/verify.js")).verify,
  vacuum: async () => (await import("./commands/vacuum.js")).vacuum,
  backup: async () => (await import("./commands/backup.js")).backup,
  restore: async () => (await import("./commands/backup.js")).restore,
  export: async () => (await import("./commands/export.js")).exportCommand,
  share: async () => (await import("./commands/share.js")).share,
  user: async () => (await import("./commands/user.js")).user,
  token: async () => (await import("./commands/token.js")).token,
  import: async () => (await import("./commands/import.js")).importNotebook,
  history: async () => (await import("./commands/history.js")).history,
  audit: async () => (await import("./commands/audit.js")).audit,
  open: async () => (await import("./commands/open.js")).open,
  mcp: async () => (await import("./commands/mcp.js")).mcp,
  generate: async () => (await import("./commands/generate.js")).generate,
};

export const commandNames: readonly string[] = Object.keys(commands);

/** Runs one command. Never throws: what goes wrong is printed on standard error and becomes the exit code. */
export async function runCommandLine(
  args: readonly string[],
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [name = "help", ...rest] = args;
  try {
    if (name === "help" || name === "--help" || name === "-h") {
      console.out(
        rest[0] !== undefined && Object.hasOwn(commands, rest[0])
          ? commandHelp(rest[0], await loadCommand(rest[0]))
          : await overview(),
      );
      return 0;
    }
    if (name === "--version" || name === "-v") {
      console.out(`${await ownVersion()}\n`);
      return 0;
    }
    const load = Object.hasOwn(commands, name);
    if (!load) return unknownCommand(name, console);
    const command = await loadCommand(name);
    if (rest.includes("--help") || rest.includes("-h")) {
      console.out(commandHelp(name, command));
      return 0;
    }
    const usage = `Usage: lakebook ${name} ${command.arguments}`.trimEnd();
    const parsed = parseArguments(rest, command.options, { ...command.positionals, usage });
    return await command.run({ ...parsed, console, signal });
  } catch (error) {
    printError(error, console, rest.includes("--json"));
    return exitCodeOfError(error);
  }
}

export async function loadCommand(name: string): Promise<AnyCommand> {
  return (await commands[name]?.()) as AnyCommand;
}

function unknownCommand(name: string, console: Console): ExitCode {
  const near = suggest(name, commandNames);
  console.err(
    `Command "${escapeControls(name)}" does not exist.${near === undefined ? " lakebook --help lists them." : ` Did you mean "${near}"?`}\n`,
  );
  return 2;
}

/** The one place that turns an error into text for a terminal. With --json it goes to standard output too. */
function printError(thrown: unknown, console: Console, isJson: boolean): void {
  const error = toReadable(toDiskError(thrown));
  if (!isAppError(error)) {
    if (isJson)
      console.out(`${JSON.stringify({ error: { code: "internal", message: messageOf(error) } }, null, 2)}\n`);
    console.err(
      `internal error: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
    );
    return;
  }
  const { code, message, hint, diagnostics, details } = error;
  if (isJson)
    console.out(`${JSON.stringify({ error: { code, message, hint, diagnostics, details } }, null, 2)}\n`);
  console.err(`${code}: ${escapeControls(message)}\n`);
  for (const item of diagnostics ?? []) {
    console.err(
      `  ${String(item.line)}:${String(item.column)} ${item.severity}[${item.code}]${item.cell === undefined ? "" : ` in ${item.cell}`}: ${escapeControls(item.message)}${item.hint === undefined ? "" : ` ${escapeControls(item.hint)}`}\n`,
    );
  }
  if (hint !== undefined) console.err(`  ${escapeControls(hint)}\n`);
}

/** What the system refuses needs no stack. */
function toReadable(error: unknown): unknown {
  return isSystemError(error) ? new AppError("disk", error.message, { cause: error }) : error;
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    commandNames.map(async (name) => `  ${name.padEnd(12)} ${(await loadCommand(name)).summary}`),
  );
  return `Lakebook: SQL notebooks that are the data pipeline.

Usage: lakebook <command> [options]

${lines.join("\n")}

lakebook <command> --help says more, lakebook --version which one this is. Exit codes: 0 success, 1 failed or cancelled,
2 wrong usage, invalid notebook or a needed choice, 3 a check failed.
`;
}

function commandHelp(name: string, command: AnyCommand): string {
  const options = Object.entries(command.options).map(
    ([option, { value, help }]) => [`--${option}${value === undefined ? "" : ` ${value}`}`, help] as const,
  );
  const width = Math.max(0, ...options.map(([left]) => left.length));
  const lines = options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  const usage = ["Usage: lakebook", name, command.arguments, "[options]"]
    .filter((part) => part !== "")
    .join(" ");
  return `lakebook ${name}: ${command.summary}\n\n${usage}\n\n${lines.join("\n")}\n`;
}
