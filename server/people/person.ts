import type { Role } from "../base/roles.js";

/** Whoever asks for something. */
export interface Person {
  /** A user, somebody with a token of its own, or whoever has the start token or the command line of this machine. */
  readonly kind: "user" | "token" | "owner";
  readonly name: string;
  readonly role: Role;
}

export const owner: Person = { kind: "owner", name: "owner", role: "admin" };

/** Those who act and are no person: `by` of what a schedule or a backfill began. */
export const SCHEDULE = "schedule";
const reserved: ReadonlySet<string> = new Set([owner.name, SCHEDULE, "agent", "token", "nobody"]);

const NAME = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

/** Names are used in addresses and as names of files. */
export function isName(name: string): boolean {
  return NAME.test(name) && !reserved.has(name);
}

/** As records and the audit log name them: `ana`, `token ci`, `agent claude for ana`. */
export function whoIs({ kind, name }: Person, agent?: string): string {
  const person = kind === "token" ? `token ${name}` : name;
  if (agent === undefined) return person;
  const called = toAgentName(agent);
  return kind === "owner" ? `agent ${called}` : `agent ${called} for ${person}`;
}

/** What an agent calls itself, on one line and in one direction: nothing of it may make a name look like another one. */
export function toAgentName(said: string): string {
  const name = said.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "").trim();
  return name === "" ? "unnamed" : name.slice(0, 100);
}

/** Who stands behind what `whoIs` says, whatever the agent between calls itself. Undefined: made before anybody was noted. */
export function makerOf(by: string | undefined): Pick<Person, "kind" | "name"> {
  const isAgent = by?.startsWith("agent ") === true;
  const person = isAgent ? /.* for ((?:token )?\S+)$/s.exec(by)?.[1] : by;
  if (person === undefined || person === owner.name) return owner;
  const token = /^token (.*)$/.exec(person)?.[1];
  return token === undefined ? { kind: "user", name: person } : { kind: "token", name: token };
}

export function isSameMaker(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [makerOf(one), makerOf(other)];
  return a.kind === b.kind && a.name === b.name;
}
