import { Cron } from "croner";
import { z } from "zod";
import { BoundedCache } from "../base/bounded-cache.js";
import { messageOf } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { field, readFields } from "./fields.js";
import type { Schedule } from "./notebook.js";
import type { Report } from "./report.js";
import { textListSchema, textSchema } from "./schemas.js";
import { findValue, wrapInMap, type YamlNode } from "./yaml-tree.js";

const cronExample = '"0 6 1 * *"';

const fields = {
  cron: field("cron", textSchema, "a cron expression", cronExample),
  timezone: field("timezone", textSchema, "a time zone", "Europe/Madrid"),
  catchUp: field("catch_up", z.enum(["none", "latest", "all"]), "none, latest or all", "latest"),
  overlap: field("overlap", z.enum(["queue", "skip"]), "queue or skip", "queue"),
  onInput: field(
    "on_input",
    z.union([z.boolean(), textListSchema]),
    "true, or a list of paths and patterns below input/",
    "[input/orders_*.csv]",
  ),
  after: field("after", textListSchema, "a notebook or a list of notebooks", "[orders]"),
};

/**
 * Reads `schedule:`, a map or a cron expression alone. Nothing is returned where it would not fire as meant. That the
 * notebooks of `after` exist is not known here.
 */
export function readSchedule(node: YamlNode, report: Report): Schedule | undefined {
  const map = node.type === "map" ? node : wrapInMap("cron", node);
  const {
    cron,
    timezone = "UTC",
    catchUp = "latest",
    overlap = "queue",
    onInput: waited = false,
    after,
  } = readFields(map, fields, { report, noun: "Schedule option", handled: [] });
  const cronNode = findValue(map, "cron");
  const onInput = waited === false ? undefined : waited;
  if (cronNode === undefined && onInput === undefined && after === undefined) {
    report.error(
      "missing-option",
      node.span,
      `A schedule needs a cron expression, on_input or after`,
      `For example: cron: ${cronExample}`,
    );
    return undefined;
  }
  if (cron === undefined && cronNode !== undefined) return undefined;
  const zoneNode = findValue(map, "timezone") ?? node;
  const checks = [
    checkTimezone(timezone, zoneNode, report),
    cron === undefined || checkCron(cron, cronNode ?? node, report),
    checkPaths(typeof onInput === "object" ? onInput : [], findValue(map, "on_input") ?? node, report),
  ];
  if (checks.includes(false)) return undefined;
  return {
    ...(cron !== undefined && { cron }),
    timezone,
    catchUp,
    overlap,
    ...(onInput !== undefined && { onInput }),
    ...(after !== undefined && { after }),
  };
}

/** Texts that are right: to find that out takes longer than to read the rest of a small notebook, and many have the same. */
const rightTimezones = new BoundedCache<true>(100, 10_000);
const rightCrons = new BoundedCache<true>(1000, 100_000);

function checkTimezone(timezone: string, node: YamlNode, report: Report): boolean {
  if (rightTimezones.get(timezone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    rightTimezones.set(timezone, true);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const meant = suggest(timezone, Intl.supportedValuesOf("timeZone"));
    const hint = meant === undefined ? "For example: timezone: Europe/Madrid" : `Did you mean "${meant}"?`;
    report.error("invalid-schedule", node.span, `"${timezone}" is not a time zone`, hint);
    return false;
  }
}

/** What lies outside of input/ may be readable by `data_paths`, which the text does not tell. */
function checkPaths(paths: readonly string[], node: YamlNode, report: Report): boolean {
  const wrong = paths.find((path) => path.split("/").includes("..") || path.startsWith("data_lake/"));
  if (wrong === undefined) return true;
  report.error(
    "invalid-schedule",
    node.span,
    `"${wrong}" is no place where input is delivered`,
    "For example: on_input: [input/orders_*.csv]",
  );
  return false;
}

function checkCron(cron: string, node: YamlNode, report: Report): boolean {
  const text = cron.trim();
  if (rightCrons.get(text)) return true;
  const problem = findCronProblem(text);
  if (problem === undefined) {
    rightCrons.set(text, true);
    return true;
  }
  const hint = `Write minute, hour, day, month and day of week, e.g. cron: ${cronExample}, or "@daily".`;
  report.error("invalid-schedule", node.span, `"${cron}" ${problem}`, hint);
  return false;
}

function findCronProblem(cron: string): string | undefined {
  // croner would also take seconds, years and a single date.
  const isFiveFields = /^(?:[\w*/,#?+-]+\s+){4}[\w*/,#?+-]+$/.test(cron);
  if (!isFiveFields && !/^@\w+$/.test(cron)) return "is not a cron expression of five fields";
  try {
    // Any fixed day will do; one in a leap year, so that 29 February is soon.
    const next = new Cron(cron, { mode: "5-part", timezone: "UTC" }).nextRun(
      new Date("2024-01-01T00:00:00Z"),
    );
    return next === null ? "never fires" : undefined;
  } catch (error) {
    // croner refuses a text with errors of several classes, the base class among them.
    return `is not a cron expression: ${messageOf(error).replace(/^CronPattern: /, "")}`;
  }
}
