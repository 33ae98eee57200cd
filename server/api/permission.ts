import type { Context } from "hono";
import { AppError } from "../base/errors.js";
import { appendAudit } from "../people/audit-log.js";
import { whoIs } from "../people/person.js";
import { isAllowed, roleOf, type Permission } from "../base/roles.js";
import { isTold } from "../people/recent-counts.js";
import { agentOf } from "./agent-header.js";
import { isWithin, personOf, type Env } from "./env.js";
import { addressOf, personNow } from "./guard.js";
import type { ApiServices } from "./services.js";

/** Fails with code forbidden, and writes it down; of many in a row only some. */
export async function requirePermission(
  c: Context<Env>,
  services: ApiServices,
  permission: Permission,
): Promise<void> {
  const { role, kind } = personOf(c);
  if (isAllowed(role, permission)) return;
  const count = services.access.refusals.add(byOf(c));
  if (isTold(count)) {
    c.set("audited", { method: c.req.method, path: c.req.path, count });
    await writeAudit(c, services, "refused");
  }
  throw new AppError("forbidden", `This needs the role ${roleOf(permission)}; yours is ${role}.`, {
    hint:
      kind === "token"
        ? "It is what the token opens, which is never more than its maker may: an admin can make another one (lakebook token add)."
        : "An admin can give you another one: lakebook user role NAME ROLE",
    details: { needs: roleOf(permission), role },
  });
}

/**
 * Looks again at who asks, once a body has come that may have taken its time: fails with code unauthorized or forbidden where
 * somebody was shut out, or given a lesser role, meanwhile.
 */
export async function requireStill(
  c: Context<Env>,
  services: ApiServices,
  permission: Permission,
): Promise<void> {
  if (isWithin(c)) return;
  const person = await personNow(c, services.access);
  if (person === undefined)
    throw new AppError("unauthorized", "You were logged out meanwhile. Nothing was changed.");
  c.set("person", person);
  await requirePermission(c, services, permission);
}

/** As records name whoever asks. */
export function byOf(c: Context<Env>): string {
  return whoIs(personOf(c), agentOf(c));
}

/** The act has happened: a log that cannot be written is a warning. */
export async function writeAudit(
  c: Context<Env>,
  { access, workspace, logger }: Pick<ApiServices, "access" | "workspace" | "logger">,
  what: string,
): Promise<void> {
  const { name, cell } = c.req.param() as { name?: string; cell?: string };
  const audited = c.get("audited");
  if (audited === false) return;
  const isOfNotebook = c.req.path.startsWith("/api/notebooks/");
  try {
    await appendAudit(workspace.state, {
      who: byOf(c),
      from: addressOf(c, access) || "here",
      what,
      ...(isOfNotebook && name !== undefined ? { notebook: name } : {}),
      ...(isOfNotebook && cell !== undefined ? { cell } : {}),
      ...audited,
    });
  } catch (error) {
    logger.warn("the audit log cannot be written", { error });
  }
}
