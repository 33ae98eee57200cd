/** A line of the audit log. */
export interface AuditLine {
  readonly at: string;
  readonly who: string;
  readonly from: string;
  readonly what: string;
  readonly [detail: string]: unknown;
}

/** What somebody did, behind the name: `published sales for 2026-10-01: orders, totals`. An act that is not known here is named as it is. */
export function wordsOfAudit(line: AuditLine): string {
  const say = words[line.what];
  return say === undefined ? `${line.what}${ofNotebook(line)}` : say(line);
}

/** All that the line says beside who, when, from where and what. */
export function detailsOf({ at: _at, who: _who, from: _from, what: _what, ...details }: AuditLine): string {
  return Object.entries(details)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
}

const words: Readonly<Record<string, (line: AuditLine) => string>> = {
  "log in": () => "logged in",
  "log out": () => "logged out",
  "wrong credentials": ({ count }) =>
    `gave a wrong password or token${typeof count === "number" && count > 1 ? `, the ${ordinal(count)} in a row` : ""}`,
  refused: (line) => `was refused ${text(line, "method")} ${text(line, "path")}`,
  "change own password": () => "chose another password",
  save: (line) => `saved ${text(line, "notebook")}`,
  run: (line) => `ran ${text(line, "notebook")}${forDate(line)}`,
  materialize: (line) => `began to materialize ${text(line, "notebook")}${forDate(line)}`,
  publish: (line) => `published ${text(line, "notebook")}${forDate(line)}${list(line["datasets"])}`,
  cancel: (line) => `cancelled run ${text(line, "run")}`,
  retry: (line) => `retried run ${text(line, "run")}${after(line, "fromCell", " from ")}`,
  backfill: (line) =>
    `began a backfill of ${text(line, "notebook")} from ${text(line, "fromDate")} to ${text(line, "toDate")}`,
  "cancel backfill": () => "cancelled a backfill",
  "pause schedule": (line) => `paused the schedule of ${text(line, "notebook")}`,
  "resume schedule": (line) => `resumed the schedule of ${text(line, "notebook")}`,
  share: (line) => `shared ${text(line, "notebook")}`,
  "revoke share": () => "ended a link",
  upload: (line) => `${line["isReplaced"] === true ? "replaced" : "added"} ${text(line, "file")}`,
  "roll back": (line) =>
    `rolled ${text(line, "notebook")} back${forDate(line)}${after(line, "to", " to publication ")}`,
  tag: (line) => `tagged ${text(line, "notebook")}${forDate(line)} as ${text(line, "name")}`,
  "remove tag": (line) => `removed the tag ${text(line, "name")}`,
  vacuum: () => "vacuumed the lake",
  "back up": () => "made a backup",
  "duplicate notebook": (line) => `duplicated ${text(line, "notebook")}${after(line, "newName", " as ")}`,
  "move notebook": (line) => `renamed ${text(line, "notebook")}${after(line, "newName", " to ")}`,
  "delete notebook": (line) => `deleted ${text(line, "notebook")}`,
  "restore notebook": (line) => `brought ${text(line, "notebook")} back`,
  "import notebook": (line) => `made ${text(line, "notebook")}`,
  "add user": (line) => `added user ${text(line, "user")}${after(line, "role", " as ")}`,
  "remove user": (line) => `removed user ${text(line, "user")}`,
  "change user": changeOfUser,
  // As the command line has it.
  "change password": (line) => `gave ${text(line, "user")} another password`,
  "log user out": (line) => `logged ${text(line, "user")} out everywhere`,
  "disable user": (line) => `disabled ${text(line, "user")}`,
  "enable user": (line) => `enabled ${text(line, "user")}`,
  "add token": (line) => `made token ${text(line, "token")}${after(line, "role", " as ")}`,
  "revoke token": (line) => `revoked token ${text(line, "token")}`,
  "test alert": () => "sent a test alert",
  propose: (line) => `proposed edits of ${text(line, "notebook")}`,
};

function changeOfUser(line: AuditLine): string {
  const { role, isDisabled, isNewPassword, endSessions } = line;
  const user = text(line, "user");
  const changes = [
    ...(typeof role === "string" ? [`made ${user} ${role}`] : []),
    ...(isDisabled === true ? [`disabled ${user}`] : []),
    ...(isDisabled === false ? [`enabled ${user}`] : []),
    ...(isNewPassword === true ? [`gave ${user} another password`] : []),
    ...(endSessions === true ? [`logged ${user} out everywhere`] : []),
  ];
  return changes.length === 0 ? `changed user ${user}` : changes.join(", ");
}

function text(line: AuditLine, name: string): string {
  const value = line[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "?";
}

function after(line: AuditLine, name: string, before: string): string {
  return line[name] === undefined ? "" : `${before}${text(line, name)}`;
}

function forDate(line: AuditLine): string {
  return after(line, "date", " for ");
}

function ofNotebook(line: AuditLine): string {
  return after(line, "notebook", " ");
}

function list(values: unknown): string {
  return Array.isArray(values) && values.length > 0 ? `: ${values.join(", ")}` : "";
}

function ordinal(count: number): string {
  const end = count % 100 >= 11 && count % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
  return `${String(count)}${end}`;
}
