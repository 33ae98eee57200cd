import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { AppError } from "../base/errors.js";
import type { Person } from "../people/person.js";

/** What a request brings along: Node's request and response, and who asks. */
export interface Env {
  Bindings: HttpBindings & {
    /** For whom routes are asked within this process. */
    readonly person?: Person;
  };
  Variables: {
    /** Set where somebody was let in. */
    person?: Person;
    /** What the audit log says of the request beside who, where and what; false: nothing happened. */
    audited?: Readonly<Record<string, unknown>> | false;
  };
}

/** Fails with code unauthorized where nobody was let in: a public route knows nobody. */
export function personOf(c: Context<Env>): Person {
  const known = c.get("person") ?? within(c);
  if (known !== undefined) return known;
  throw new AppError("unauthorized", "You are not logged in.");
}

/** Says more of the request in the audit log. */
export function audit(c: Context<Env>, details: Readonly<Record<string, unknown>>): void {
  const known = c.get("audited");
  c.set("audited", { ...(known === false ? {} : known), ...details });
}

/** For what only says what would happen. */
export function notAudited<T>(c: Context<Env>, answer: T): T {
  c.set("audited", false);
  return answer;
}

/** Whether this process asks itself: for an agent at `/mcp`, or a command. */
export function isWithin(c: Context<Env>): boolean {
  return within(c) !== undefined;
}

function within(c: Context<Env>): Person | undefined {
  // Absent where a test calls the app without a server.
  return (c.env as Partial<Env["Bindings"]> | undefined)?.person;
}
