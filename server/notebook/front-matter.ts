import type { Span } from "../base/source.js";
import { readAlerts } from "./alerts.js";
import { field, readFields } from "./fields.js";
import type { FrontMatter } from "./notebook.js";
import { parseYaml } from "./parse-yaml.js";
import { readParameters } from "./read-parameters.js";
import type { Report } from "./report.js";
import { readSchedule } from "./schedule.js";
import {
  durationSchema,
  engineSchema,
  NO_RETRIES,
  RETRIES_EXAMPLE,
  RETRIES_EXPECTED,
  retriesSchema,
  textSchema,
} from "./schemas.js";
import { findValue, isNull } from "./yaml-tree.js";
import { wholePart } from "./yaml-part.js";

const fields = {
  title: field("title", textSchema, "a text", "Monthly orders"),
  description: field("description", textSchema, "a text", "What the courier and the customer said"),
  retries: field("retries", retriesSchema, RETRIES_EXPECTED, RETRIES_EXAMPLE),
  timeoutMs: field("timeout", durationSchema, "a number of seconds, or a text such as 30s, 5m, 1h", "10m"),
  engine: field("engine", engineSchema, "duckdb or spark", "spark"),
  deadlineMs: field("deadline", durationSchema, "a number of seconds, or a text such as 30m, 2h", "2h"),
};

/** Reads the YAML between the `---` lines. What is wrong in it leaves the rest as it is. */
export function parseFrontMatter(text: string, span: Span | undefined, report: Report): FrontMatter {
  const empty = { parameters: [], retries: NO_RETRIES };
  if (span === undefined) return empty;
  const { tree, following } = parseYaml(wholePart(text, span), report);
  if (tree === undefined) return { ...empty, span };
  if (tree.type !== "map") {
    if (!isNull(tree)) reportNoMap(tree.span, following);
    return { ...empty, span };
  }
  const values = readFields(tree, fields, {
    report: following,
    noun: "Key",
    handled: ["parameters", "schedule", "alerts"],
  });
  const parameters = findValue(tree, "parameters");
  const schedule = findValue(tree, "schedule");
  const parsedSchedule = schedule && readSchedule(schedule, following);
  const alerts = findValue(tree, "alerts");
  const parsedAlerts = alerts && readAlerts(alerts, following);
  return {
    ...empty,
    ...values,
    ...(parameters && { parameters: readParameters(parameters, following) }),
    ...(parsedSchedule && { schedule: parsedSchedule }),
    ...(parsedAlerts && { alerts: parsedAlerts }),
    span,
  };
}

function reportNoMap(span: Span, report: Report): void {
  report.error(
    "invalid-yaml",
    span,
    "The front matter must be keys with values",
    "For example: title: Monthly orders",
  );
}
