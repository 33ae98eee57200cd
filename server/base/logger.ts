export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

/** One line per event; what it is about goes into the fields: `logger.info("cell finished", {cell, durationMs})`. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export const silentLogger: Logger = createLogger(() => undefined, { level: "error" });

export interface LoggerOptions {
  /** Lines below this level are left out; defaults to `info`. */
  readonly level?: LogLevel;
  readonly now?: () => Date;
}

/** A logger that hands each line, without a line break, to `write`. Nothing in a field can begin a second line. */
export function createLogger(write: (line: string) => void, options: LoggerOptions = {}): Logger {
  const { level: lowest = "info", now = () => new Date() } = options;
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return;
    write(`${now().toISOString()} ${level.padEnd(5)} ${quoteBreaks(message)}${formatFields(fields)}`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function formatFields(fields: LogFields = {}): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  return shown.map(([name, value]) => ` ${name}=${formatValue(value)}`).join("");
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  if (typeof value === "string" && /^[^\s"=]+$/.test(value)) return value;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}

function quoteBreaks(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}
