import { Cron } from "croner";
import { z } from "zod";
import { messageOf } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { field, readFields } from "./fields.js";
import type { Schedule } from "./notebook.js";
import type { Report } from "./report.js";
import { textSchema } from "./schemas.js";
import { findValue, wrapInMap, type YamlNode } from "./yaml-tree.js";

const cronExample = '"0 6 1 * *"';

const fields = {
  cron: field("cron", textSchema, "a cron expression", cronExample),
  timezone: field("timezone", textSchema, "a time zone", "Europe/Madrid"),
  catchUp: field("catch_up", z.enum(["none", "latest", "all"]), "none, latest or all", "latest"),
};

/** Reads `schedule:`, a map or a cron expression alone. Nothing is returned where it would not fire as meant. */
export function readSchedule(node: YamlNode, report: Report): Schedule | undefined {
  const map = node.type === "map" ? node : wrapInMap("cron", node);
  const {
    cron,
    timezone = "UTC",
    catchUp = "latest",
  } = readFields(map, fields, { report, noun: "Schedule option", handled: [] });
  const cronNode = findValue(map, "cron");
  if (cronNode === undefined) {
    report.error(
      "missing-option",
      node.span,
      `A schedule needs a cron expression`,
      `For example: cron: ${cronExample}`,
    );
  }
  if (cron === undefined || cronNode === undefined) return undefined;
  const zoneNode = findValue(map, "timezone") ?? node;
  const isValid = checkTimezone(timezone, zoneNode, report) && checkCron(cron, cronNode, report);
  return isValid ? { cron, timezone, catchUp } : undefined;
}

function checkTimezone(timezone: string, node: YamlNode, report: Report): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const meant = suggest(timezone, Intl.supportedValuesOf("timeZone"));
    const hint = meant === undefined ? "For example: timezone: Europe/Madrid" : `Did you mean "${meant}"?`;
    report.error("invalid-schedule", node.span, `"${timezone}" is not a time zone`, hint);
    return false;
  }
}

function checkCron(cron: string, node: YamlNode, report: Report): boolean {
  const problem = findCronProblem(cron.trim());
  if (problem === undefined) return true;
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
