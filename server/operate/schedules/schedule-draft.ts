import { z } from "zod";
import type { Diagnostic } from "../../base/diagnostic.js";
import { parseFrontMatter } from "../../notebook/front-matter.js";
import { setInFrontMatter, type Written } from "../../notebook/edit-front-matter.js";
import { parseOutline } from "../../notebook/outline.js";
import { parseYaml } from "../../notebook/parse-yaml.js";
import { Report } from "../../notebook/report.js";
import { wholePart } from "../../notebook/yaml-part.js";
import {
  findValue,
  toMap,
  toPlain,
  wrapInMap,
  type YamlMap,
  type YamlNode,
} from "../../notebook/yaml-tree.js";
import { nextFires, type Fire } from "../fire-times.js";

const shortText = z.string().max(200);

/** When a notebook runs, as a form has it. */
export const scheduleSettingsSchema = z.strictObject({
  cron: shortText.describe("empty: at no fixed time"),
  timezone: shortText,
  catch_up: shortText,
  overlap: shortText,
  on_input: z.union([z.boolean(), z.array(shortText).max(100)]),
  after: z.array(shortText).max(100),
  deadline: shortText.describe("empty: none"),
  retries: z.number(),
  retry_delay: shortText.describe("empty: moments"),
});
export type ScheduleSettings = Readonly<z.output<typeof scheduleSettingsSchema>>;
export type ScheduleField = keyof ScheduleSettings;

/** What a field has that the server would refuse. */
export interface FieldProblem {
  readonly field: ScheduleField;
  readonly message: string;
  readonly hint?: string;
}

export interface ScheduleDraft {
  /** The notebook with these settings: the same but for what they change. */
  readonly text: string;
  readonly hasSchedule: boolean;
  readonly settings: ScheduleSettings;
  /** The next five times; none without a cron expression, and while there are problems with it. */
  readonly next: readonly Fire[];
  readonly problems: readonly FieldProblem[];
}

const NEXT = 5;

/** In the order in which a new schedule is written; what it means where it is left out. */
const defaults = { cron: "", timezone: "", catch_up: "latest", overlap: "queue", on_input: false, after: [] };
type OwnKey = keyof typeof defaults;
const ownKeys = Object.keys(defaults) as OwnKey[];

/**
 * What a notebook becomes with other settings of its schedule; null: without one; undefined: as it is. `now` in milliseconds
 * since 1970. Fails with code usage where its front matter can't be changed.
 */
export function draftSchedule(
  before: string,
  wanted: ScheduleSettings | null | undefined,
  now: number,
): ScheduleDraft {
  const text =
    wanted === undefined
      ? before
      : wanted === null
        ? setInFrontMatter(before, ["schedule"], undefined)
        : write(before, wanted);
  const { frontMatter: span } = parseOutline(text, new Report());
  const report = new Report();
  const { schedule } = parseFrontMatter(text, span, report);
  const { cron, timezone = "" } = schedule ?? {};
  const tree = readTree(text);
  return {
    text,
    hasSchedule: findValue(tree, "schedule") !== undefined,
    settings: readSettings(tree),
    next: cron === undefined ? [] : nextFires({ cron, timezone }, now, NEXT),
    problems: report.diagnostics.flatMap((diagnostic) => toProblem(diagnostic, tree)),
  };
}

function readTree(text: string): YamlMap {
  const { frontMatter: span } = parseOutline(text, new Report());
  if (span === undefined) return toMap(undefined, { start: 0, end: 0 });
  return toMap(parseYaml(wholePart(text, span), new Report()).tree, span);
}

/** A schedule may be its cron expression alone, and retries their number. */
function mapOf(tree: YamlMap, key: "schedule" | "retries"): YamlMap {
  const node = findValue(tree, key);
  if (node === undefined || node.type === "map") return toMap(node, tree.span);
  return wrapInMap(key === "schedule" ? "cron" : "max", node);
}

function readSettings(tree: YamlMap): ScheduleSettings {
  const [schedule, retries] = [mapOf(tree, "schedule"), mapOf(tree, "retries")];
  const input = plainOf(findValue(schedule, "on_input"));
  return {
    cron: textOf(findValue(schedule, "cron")),
    timezone:
      textOf(findValue(schedule, "timezone")) || (findValue(tree, "schedule") === undefined ? "" : "UTC"),
    catch_up: textOf(findValue(schedule, "catch_up")) || defaults.catch_up,
    overlap: textOf(findValue(schedule, "overlap")) || defaults.overlap,
    on_input: typeof input === "boolean" ? input : input === undefined ? false : listOf(input),
    after: listOf(plainOf(findValue(schedule, "after"))),
    deadline: durationOf(findValue(tree, "deadline")),
    retries: Number(plainOf(findValue(retries, "max")) ?? 0) || 0,
    retry_delay: durationOf(findValue(retries, "delay")),
  };
}

function plainOf(node: YamlNode | undefined): unknown {
  return (node && toPlain(node)) ?? undefined;
}

function textOf(node: YamlNode | undefined): string {
  const plain = plainOf(node);
  return typeof plain === "string" || typeof plain === "number" ? String(plain) : "";
}

/** A number is one of seconds. */
function durationOf(node: YamlNode | undefined): string {
  return typeof plainOf(node) === "number" ? `${textOf(node)}s` : textOf(node);
}

function listOf(plain: unknown): string[] {
  return plain === undefined ? [] : (Array.isArray(plain) ? plain : [plain]).map(String);
}

/** Changes what differs from what is there, and nothing else. */
function write(before: string, wanted: ScheduleSettings): string {
  const tree = readTree(before);
  const had = readSettings(tree);
  const differs = (key: ScheduleField): boolean => JSON.stringify(had[key]) !== JSON.stringify(wanted[key]);
  let text = before;
  const set = (path: readonly [string, string?], value: Written | undefined): void => {
    text = setInFrontMatter(text, path, value);
  };
  if (findValue(tree, "schedule")?.type === "map") {
    for (const key of ownKeys.filter(differs)) set(["schedule", key], writtenOf(wanted, key));
  } else if (ownKeys.some(differs) || findValue(tree, "schedule") === undefined) {
    const entries = ownKeys
      .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(defaults[key]))
      .map((key) => [key, wanted[key]] as const);
    set(["schedule"], Object.fromEntries(entries));
  }
  if (differs("deadline")) set(["deadline"], wanted.deadline || undefined);
  const { retries, retry_delay: delay } = wanted;
  if (retries === 0 && differs("retries")) set(["retries"], undefined);
  else if (findValue(tree, "retries")?.type === "map") {
    if (differs("retries")) set(["retries", "max"], retries);
    if (differs("retry_delay")) set(["retries", "delay"], delay || undefined);
  } else if (differs("retries") || differs("retry_delay"))
    set(["retries"], delay === "" ? retries : { max: retries, delay });
  return text;
}

function writtenOf(wanted: ScheduleSettings, key: OwnKey): Written | undefined {
  const value = wanted[key];
  return value === "" || value === false || (typeof value === "object" && value.length === 0)
    ? undefined
    : value;
}

/** Of the field whose value stands where something is wrong; of what no field has, nothing. */
function toProblem({ severity, span, message, hint }: Diagnostic, tree: YamlMap): FieldProblem[] {
  if (severity !== "error") return [];
  const has = (node: YamlNode | undefined): boolean =>
    node !== undefined && node.span.start <= span.start && span.start <= node.span.end;
  const schedule = mapOf(tree, "schedule");
  const field: ScheduleField | undefined =
    ownKeys.find((key) => has(findValue(schedule, key))) ??
    (["deadline", "retries"] as const).find((key) => has(findValue(tree, key))) ??
    (has(findValue(tree, "schedule")) ? "cron" : undefined);
  return field === undefined ? [] : [{ field, message, ...(hint === undefined ? {} : { hint }) }];
}
