/** Each may what those before may. */
export const roles = ["viewer", "runner", "editor", "admin"] as const;
export type Role = (typeof roles)[number];

/** What there is to be allowed, and the least role that it is allowed to. */
const leastRole = {
  /** Notebooks, results, the lake, runs; what the controls of a notebook give. */
  read: "viewer",
  /** Run, publish, cancel, retry, backfill; begin, pause and resume schedules. */
  run: "runner",
  /** SQL that is in no notebook. */
  query: "runner",
  /** Save, create, move and delete notebooks; settle proposals. */
  edit: "editor",
  /** Put files into `input/`. */
  upload: "editor",
  share: "editor",
  /** Vacuum, roll back, back up: what changes the past. */
  keep: "admin",
  /** Who is told of failures. */
  alerts: "admin",
  /** Users, tokens, the shares of everybody, the audit log. */
  people: "admin",
} as const satisfies Readonly<Record<string, Role>>;

export type Permission = keyof typeof leastRole;
export const permissions = Object.keys(leastRole) as Permission[];

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** Whether `role` may all that `least` may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

/** The one of the two that may less. */
export function lesserRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one;
}

export function isAllowed(role: Role, permission: Permission): boolean {
  return isAtLeast(role, leastRole[permission]);
}

/** The least one that may. */
export function roleOf(permission: Permission): Role {
  return leastRole[permission];
}
