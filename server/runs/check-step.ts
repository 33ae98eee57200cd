import { hashOf } from "../base/hash.js";
import { isAppError, messageOf } from "../base/errors.js";
import type { CheckFinding, CheckQuery, QueryScope } from "../engine/engine.js";
import type { CheckRule, CheckSpec } from "../notebook/check-spec.js";
import type { CheckCell, SqlCell } from "../notebook/notebook.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Lake } from "../lake/lake.js";
import { withStoredTypes } from "./contract.js";
import { otherCell } from "./plan.js";
import { isDecidedByNewRows, isOfCounts } from "./new-rows.js";
import { publishedPasses } from "./publish-run.js";
import type { StepControl } from "./step-control.js";
import { isVolatile, prepareQuery, prepareScope, queryFingerprint, type Results } from "./query-scope.js";
import type { RunContext } from "./run-context.js";
import { isForced, type CheckRecord } from "./run-record.js";

/**
 * Part of the key of every kept finding: raised where findings of before may be wrong. 2: until then a condition could
 * move the numbers of the checks behind it. 3: until then a finding did not tell what its failures are a share of.
 */
const VERDICT_VERSION = 3;

/** Failing rows that are kept of a check; the true number is counted. */
const MAX_FAILING_ROWS = 10_000;

/** A contract's `nullable: false` is a check like any other. */
function checksOf(cell: SqlCell): readonly CheckSpec[] {
  const required = (cell.options.columns ?? [])
    .filter((column) => !column.nullable)
    .map((column) => column.name);
  if (required.length === 0) return cell.options.checks;
  const contract: CheckSpec = {
    name: `${cell.name}.contract_not_null`,
    rule: { kind: "not_null", columns: required },
    severity: "error",
    max: 0,
    conditions: [],
    span: cell.optionsSpan,
  };
  return [...cell.options.checks, contract];
}

/** The checks of a dataset that read nothing else. */
export function ownChecks(cell: SqlCell): readonly CheckSpec[] {
  return checksOf(cell).filter((spec) => [undefined, cell.name].includes(otherCell(spec)));
}

interface OpenCheck {
  readonly spec: CheckSpec;
  readonly fingerprint: string;
}

/** Runs entries of `checks:` on the cell's candidate; those whose data and rule are unchanged keep their finding. */
export async function runRuleChecks(
  context: RunContext,
  cell: SqlCell,
  specs: readonly CheckSpec[],
  results: Results,
  control: StepControl,
): Promise<CheckRecord[]> {
  const records = new Map<string, CheckRecord>();
  const open: OpenCheck[] = [];
  for (const spec of specs) {
    const refused = refusedRecord(context, cell, spec);
    if (refused !== undefined) {
      records.set(spec.name, refused);
      continue;
    }
    const fingerprint = ruleFingerprint(context, cell, spec, results);
    const kept = await findKept(context, spec, { cell: cell.name, fingerprint });
    if (kept !== undefined) records.set(spec.name, kept);
    else open.push({ spec, fingerprint });
  }
  const told = await findInNewRows(context, cell, open, results, control);
  const left = open.filter((_, index) => told[index] === undefined);
  const whole = await findInWhole(context, cell, left, results, control);
  for (const [index, { spec, fingerprint }] of open.entries()) {
    const finding =
      told[index] ?? whole.get(spec) ?? couldNotRun(spec.name, "internal", "The check gave no answer.");
    await context.checks.keep(fingerprint, finding);
    records.set(spec.name, toRecord(spec, { cell: cell.name, fingerprint, finding, isReused: false }));
  }
  return specs.flatMap((spec) => records.get(spec.name) ?? []);
}

/** What is known of entries of `checks:` without running them, where what they read is there. */
export async function knownRuleChecks(
  context: RunContext,
  cell: SqlCell,
  results: Results,
): Promise<CheckRecord[]> {
  const known: CheckRecord[] = [];
  for (const spec of checksOf(cell)) {
    const isRead = [cell.name, otherCell(spec) ?? cell.name].every((name) => results.has(name));
    if (!isRead) continue;
    const fingerprint = ruleFingerprint(context, cell, spec, results);
    const kept =
      refusedRecord(context, cell, spec) ?? (await findKept(context, spec, { cell: cell.name, fingerprint }));
    if (kept !== undefined) known.push(kept);
  }
  return known;
}

/** Of a check that is no condition: it fails without being run. */
function refusedRecord({ analyzed }: RunContext, cell: SqlCell, spec: CheckSpec): CheckRecord | undefined {
  const refused = analyzed.refusedChecks.get(spec.name);
  if (refused === undefined) return undefined;
  const finding = couldNotRun(spec.name, "invalid-notebook", refused.message);
  return toRecord(spec, { cell: cell.name, finding, isReused: false });
}

/** What is known of a check cell without running it. `fingerprint`: its own, as {@link checkFingerprint} gives it. */
export async function knownCheckCell(
  context: RunContext,
  cell: CheckCell,
  { facts }: GraphNode,
  fingerprint: string,
): Promise<CheckRecord | undefined> {
  const canReuse = facts !== undefined && !isVolatile(facts);
  return canReuse ? findKept(context, cell, { fingerprint }) : undefined;
}

/** A forced run trusts only what it finds itself. */
async function findKept(
  { checks, record }: RunContext,
  check: Judged,
  of: { readonly cell?: string; readonly fingerprint: string },
): Promise<CheckRecord | undefined> {
  const finding = isForced(record, of.cell ?? check.name) ? undefined : await checks.find(of.fingerprint);
  return finding && toRecord(check, { ...of, finding, isReused: true });
}

/**
 * What is told by the rows that came, where those that stayed are known to pass: of the checks that found nothing in the
 * version before, as its publication tells, and find nothing now, and of those that only count.
 */
async function findInNewRows(
  context: RunContext,
  cell: SqlCell,
  open: readonly OpenCheck[],
  results: Results,
  control: StepControl,
): Promise<readonly (CheckFinding | undefined)[]> {
  const result = results.get(cell.name);
  if (result?.type !== "files" || result.newRows === undefined) return [];
  const { newRows, columns } = result;
  const before = new Map(results).set(cell.name, { ...result, content: newRows.content });
  const { lake, record, analyzed } = context;
  const publication = lake.publication(record.notebook, newRows.date);
  const passes = publication === undefined ? new Set<string>() : publishedPasses(publication);
  const decided = open.filter(
    ({ spec }) =>
      isOfCounts(spec) ||
      (isDecidedByNewRows(spec, newRows, columns, !analyzed.readingChecks.has(spec.name)) &&
        passes.has(ruleFingerprint(context, cell, spec, before, newRows.date))),
  );
  if (decided.length === 0) return [];
  const { files, rows } = newRows;
  const only = new Map(results).set(cell.name, { ...result, files, rows });
  const passingRows = result.rows - rows;
  const findings = await findRuleFailures(context, cell, decided, only, control, passingRows);
  return open.map((check) => {
    const finding = findings[decided.indexOf(check)];
    return finding?.failures === 0 && finding.error === undefined ? finding : undefined;
  });
}

/** A check that puts rows aside looks at all that were computed; the others at those that are published. */
async function findInWhole(
  context: RunContext,
  cell: SqlCell,
  open: readonly OpenCheck[],
  results: Results,
  control: StepControl,
): Promise<ReadonlyMap<CheckSpec, CheckFinding>> {
  const groups = [
    { checks: open.filter(({ spec }) => spec.onFail === undefined), seen: results },
    { checks: open.filter(({ spec }) => spec.onFail !== undefined), seen: withPutAside(cell.name, results) },
  ];
  const findings = new Map<CheckSpec, CheckFinding>();
  for (const { checks, seen } of groups) {
    if (checks.length === 0) continue;
    const found = await findRuleFailures(context, cell, checks, seen, control);
    for (const [index, { spec }] of checks.entries())
      if (found[index] !== undefined) findings.set(spec, found[index]);
  }
  return findings;
}

/** The rows of a cell as they were computed, before some were put aside. */
function withPutAside(name: string, results: Results): Results {
  const result = results.get(name);
  if (result?.type !== "files" || result.putAside === undefined) return results;
  const { files, rows, content } = result.putAside;
  return new Map(results).set(name, {
    ...result,
    files: [...result.files, ...files],
    rows: result.rows + rows,
    content: hashOf([result.content, content]),
  });
}

async function findRuleFailures(
  context: RunContext,
  cell: SqlCell,
  open: readonly OpenCheck[],
  results: Results,
  control: StepControl,
  passingRows = 0,
): Promise<readonly CheckFinding[]> {
  const names = open.flatMap(({ spec }) => otherCell(spec) ?? []);
  const result = results.get(cell.name);
  const scannedRows = result?.type === "files" ? result.scannedRows : {};
  const unable = new Map<CheckSpec, CheckFinding>();
  const toQuery = async ({ spec }: OpenCheck): Promise<CheckQuery[]> => {
    try {
      const rule = await ruleToJudge(context, cell, spec);
      const { name } = spec;
      return [{ type: "rule", name, on: cell.name, spec: { ...spec, rule }, scannedRows, passingRows }];
    } catch (error) {
      unable.set(spec, failedToRun(spec, error));
      return [];
    }
  };
  try {
    const checks = (await Promise.all(open.map(toQuery))).flat();
    const scope = await prepareScope(context, [cell.name, ...names], results);
    const found = checks.length === 0 ? [] : [...(await check(context, scope, checks, control))];
    return open.flatMap(({ spec }) => unable.get(spec) ?? found.shift() ?? []);
  } catch (error) {
    return open.map(({ spec }) => failedToRun(spec, error));
  }
}

/** Whoever cancels is not told that a check could not run. */
function failedToRun({ name }: CheckSpec, error: unknown): CheckFinding {
  if (isAppError(error, "cancelled")) throw error;
  return couldNotRun(name, isAppError(error) ? error.code : "internal", messageOf(error));
}

async function check(
  context: RunContext,
  scope: QueryScope,
  checks: readonly CheckQuery[],
  control: StepControl,
): Promise<readonly CheckFinding[]> {
  control.onCompute();
  const folder = await context.checks.createFolder();
  try {
    return await context.engine.check({ scope, checks, folder, maxRows: MAX_FAILING_ROWS }, control);
  } finally {
    await context.checks.removeIfEmpty(folder);
  }
}

/** The rule with what the run alone knows, which counts in what a finding is kept under. */
export function ruleOfRun({ rule }: CheckSpec, runDate: string): CheckRule {
  return rule.kind === "not_in_future" || rule.kind === "freshness" ? { ...rule, runDate } : rule;
}

/** The rule with all that it is judged by. Fails with code query for a type that is none. */
async function ruleToJudge(
  { engine, lake, record, view }: RunContext,
  cell: SqlCell,
  spec: CheckSpec,
): Promise<CheckRule> {
  const rule = ruleOfRun(spec, record.date);
  if (rule.kind === "schema") {
    const scope = { root: view.root, readable: [], relations: [], parameters: [] };
    return { ...rule, expected: await withStoredTypes(engine, scope, rule.expected) };
  }
  if (rule.kind !== "volume") return rule;
  const versions = earlierVersions(lake, cell.name, record.date, rule.runs);
  const manifests = await Promise.all(versions.map((version) => lake.manifest(cell.name, version)));
  return { ...rule, earlier: manifests.map(({ rows }) => rows) };
}

/** Of the run dates before, the latest first. */
function earlierVersions(lake: Lake, dataset: string, date: string, limit: number): readonly string[] {
  const before = lake.state.placementsOf(dataset).filter(({ runDate }) => runDate < date);
  return before
    .slice(-limit)
    .reverse()
    .map(({ version }) => version);
}

/** Of a check and what it read: its finding is kept under it. `date`: of the run that asks. */
export function ruleFingerprint(
  context: RunContext,
  cell: SqlCell,
  spec: CheckSpec,
  results: Results,
  date = context.record.date,
): string {
  const seen = spec.onFail === undefined ? results : withPutAside(cell.name, results);
  const result = seen.get(cell.name);
  const other = otherCell(spec);
  const input =
    spec.rule.kind === "row_count_matches" && spec.rule.target.type === "input" ? result : undefined;
  return hashOf([
    "rule",
    VERDICT_VERSION,
    context.engine.version,
    ruleOfRun(spec, date),
    spec.where ?? null,
    result?.content ?? null,
    other === undefined ? null : [other, results.get(other)?.content ?? null],
    input?.type === "files" ? input.scannedRows : null,
    spec.rule.kind === "volume" ? earlierVersions(context.lake, cell.name, date, spec.rule.runs) : null,
    context.analyzed.volatileChecks.has(spec.name) ? context.record.id : null,
  ]);
}

/** Of a check cell: its query, and what that reads. */
export function checkFingerprint(context: RunContext, node: GraphNode, results: Results): Promise<string> {
  return queryFingerprint(context, node, { check: VERDICT_VERSION }, results);
}

/** Runs a check cell: its rows are the failures. */
export async function runCheckCell(
  context: RunContext,
  cell: CheckCell,
  node: GraphNode,
  results: Results,
  control: StepControl,
): Promise<CheckRecord> {
  const fingerprint = await checkFingerprint(context, node, results);
  const kept = await knownCheckCell(context, cell, node, fingerprint);
  if (kept !== undefined) return kept;
  const { sql, scope } = await prepareQuery(context, node, cell.sql, results);
  const [finding] = await check(context, scope, [{ type: "query", name: cell.name, sql }], control);
  const answer = finding ?? couldNotRun(cell.name, "internal", "The check gave no answer.");
  await context.checks.keep(fingerprint, answer);
  return toRecord(cell, { fingerprint, finding: answer, isReused: false });
}

function couldNotRun(name: string, code: string, message: string): CheckFinding {
  return { name, failures: 0, message, error: { code, message } };
}

type Judged = Pick<CheckSpec, "name" | "severity" | "max" | "onFail"> & { readonly rule?: CheckRule };

/** What a finding means to the check that made it. */
export function outcomeOf(
  { max, severity, onFail }: Pick<Judged, "severity" | "max" | "onFail">,
  { failures, rows = 0, error }: Pick<CheckFinding, "failures" | "rows" | "error">,
): CheckRecord["outcome"] {
  if (error !== undefined) return "error";
  // Both sides as hundredths: a share of what is counted exactly is not to fail by a rounding error.
  const isAccepted = typeof max === "number" ? failures <= max : failures * 100 <= max.percent * rows + 1e-6;
  if (isAccepted) return onFail !== undefined && failures > 0 ? "warn" : "pass";
  return severity === "warn" ? "warn" : "fail";
}

/** The columns in which the failing rows are wrong. */
function blamed({ rule }: Judged, { failures }: CheckFinding): Pick<CheckRecord, "columns"> {
  if (failures === 0 || rule === undefined) return {};
  if ("columns" in rule) return { columns: [...rule.columns] };
  return "column" in rule ? { columns: [rule.column] } : {};
}

interface Judgement {
  /** That has the check among its `checks:`. */
  readonly cell?: string;
  readonly fingerprint?: string;
  readonly finding: CheckFinding;
  readonly isReused: boolean;
}

/** Whether the rows that fail are put aside: as long as no more of them fail than may. */
export function isPutAside(
  check: Pick<Judged, "max" | "onFail">,
  finding: Pick<CheckFinding, "failures" | "rows" | "error">,
): boolean {
  return (
    check.onFail !== undefined &&
    finding.failures > 0 &&
    outcomeOf({ ...check, severity: "error" }, finding) === "warn"
  );
}

/** What became of the failing rows, behind what was found. */
function toMessage(check: Judged, cell: string | undefined, finding: CheckFinding): string {
  if (finding.error !== undefined || finding.failures === 0) return finding.message;
  if (check.onFail === undefined) return `${finding.message}${describeMax(check)}`;
  const fate = isPutAside(check, finding)
    ? `put into ${cell ?? ""}__quarantine`
    : `none is put aside${describeMax(check)}`;
  return `${finding.message}; ${fate}`;
}

/** What is accepted, where that is more than none. */
function describeMax({ max }: Judged): string {
  if (max === 0) return "";
  return `; at most ${typeof max === "number" ? String(max) : `${String(max.percent)}%`} may`;
}

function toRecord(check: Judged, { cell, fingerprint, finding, isReused }: Judgement): CheckRecord {
  return {
    name: check.name,
    ...(cell === undefined ? {} : { cell }),
    severity: check.severity,
    outcome: outcomeOf(check, finding),
    failures: finding.failures,
    ...(finding.rows === undefined ? {} : { rows: finding.rows }),
    ...(isPutAside(check, finding) ? { quarantined: finding.failures } : {}),
    message: toMessage(check, cell, finding),
    ...blamed(check, finding),
    ...(finding.file === undefined ? {} : { file: finding.file }),
    ...(fingerprint === undefined || finding.error !== undefined ? {} : { fingerprint }),
    isReused,
  };
}
