import { stat } from "node:fs/promises";
import { AppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import { parseLifetime } from "../base/lifetime.js";
import { readAudit } from "../people/audit-log.js";
import { whoIs, type Person } from "../people/person.js";
import { isAllowed, permissions } from "../base/roles.js";
import { removeWhatIsOf } from "../share/remove-of.js";
import { ShareStore } from "../share/share-store.js";
import {
  auditSchema,
  createdTokenSchema,
  meSchema,
  shareListSchema,
  tokenListSchema,
  userListSchema,
  userSchema,
  type Me,
} from "./answers.js";
import { audit, notAudited, personOf } from "./env.js";
import { checkPassword, giveSession, logInByName, logOut, staysOwner } from "./guard.js";
import { writeAudit } from "./permission.js";
import {
  auditQuerySchema,
  emptyBodySchema,
  loginBodySchema,
  passwordBodySchema,
  tokenBodySchema,
  userBodySchema,
  userChangeSchema,
} from "./requests.js";
import type { Workspace } from "../workspace/workspace.js";
import { route } from "./route.js";

const unknownUser = { 404: "There is no such user." };

/** Who is who, and who did what. */
export const peopleRoutes = [
  route({
    method: "post",
    path: "/api/login",
    needs: "public",
    summary: "Log in by name and password",
    body: loginBodySchema,
    success: [204, "The session's cookie is set."],
    errors: {
      401: "The name or the password is wrong, or the user is disabled.",
      429: "Too many wrong ones; Retry-After says when to try again.",
    },
    answer: async ({ services, body, c }) => {
      const person = await logInByName(c, services.access, { ...body, name: body.name.trim().toLowerCase() });
      if (person instanceof Response) return person;
      c.set("person", person);
      await writeAudit(c, services, "log in");
      return c.body(null, 204);
    },
  }),
  route({
    method: "post",
    path: "/api/logout",
    needs: "read",
    audit: "log out",
    summary: "End the session",
    body: emptyBodySchema,
    success: [204, "The session is over."],
    answer: ({ services: { access }, c }) => {
      const wasThere = logOut(c, access);
      const answer = c.body(null, 204);
      return wasThere ? answer : notAudited(c, answer);
    },
  }),
  route({
    method: "get",
    path: "/api/me",
    needs: "read",
    summary: "Who asks, and what is allowed",
    success: [200, "Name, role and permissions.", meSchema],
    answer: async ({ services: { workspace, engine }, c }) => ({
      ...toMe(personOf(c), await markOf(workspace)),
      ...(engine.hasCluster && { hasSpark: true as const }),
    }),
  }),
  route({
    method: "put",
    path: "/api/me/password",
    needs: "read",
    audit: "change own password",
    summary: "Choose another password",
    description: "Ends the user's other sessions.",
    body: passwordBodySchema,
    success: [204, "It counts from now on."],
    answer: async ({ services: { access }, body: { current, password }, c }) => {
      const { kind, name } = personOf(c);
      if (kind !== "user") throw new AppError("usage", "Only a user has a password.");
      // Counted like a login: whoever finds an open page must not guess.
      const checked = await checkPassword(c, access, { name, password: current });
      if (checked instanceof Response) return checked;
      const session = await access.users.changeOwnPassword(checked.session, password);
      if (session === undefined) throw new AppError("unauthorized", "Your session has ended meanwhile.");
      giveSession(c, access, session);
      return c.body(null, 204);
    },
  }),

  route({
    method: "get",
    path: "/api/users",
    needs: "people",
    summary: "Users, by name",
    description:
      "`damaged` names those whose file somebody broke: they cannot log in, and can only be removed.",
    success: [200, "Without their passwords.", userListSchema],
    answer: async ({ services: { access } }) => {
      const damaged = await access.users.damaged();
      return { users: await access.users.list(), ...(damaged.length === 0 ? {} : { damaged }) };
    },
  }),
  route({
    method: "post",
    path: "/api/users",
    needs: "people",
    audit: "add user",
    summary: "Add a user",
    body: userBodySchema,
    success: [201, "The user.", userSchema],
    errors: { 409: "There is a user of that name." },
    answer: async ({ services: { access }, body: { name, role, password }, c }) => {
      audit(c, { user: name, role });
      if (role !== "admin" && !staysOwner(c, access) && !(await access.users.areThere()))
        throw new AppError("usage", "The first user has to be an admin.", {
          hint: "With users, the start token opens this server from its own machine only: you would be shut out.",
        });
      return access.users.add(name, role, password);
    },
  }),
  route({
    method: "put",
    path: "/api/users/{user}",
    needs: "people",
    audit: "change user",
    summary: "Change a user's role or password, or shut the user out",
    body: userChangeSchema,
    success: [200, "The user.", userSchema],
    errors: { ...unknownUser, 409: "Nobody takes the own admin role away, nor that of the last admin." },
    answer: ({ services: { access }, params: { user }, body, c }) => {
      if (body.isDisabled === true || (body.role !== undefined && body.role !== "admin"))
        requireOther(personOf(c), user);
      const { password, ...change } = body;
      audit(c, { user, ...change, ...(password === undefined ? {} : { isNewPassword: true }) });
      return access.users.change(user, body, { keepsAdmin: personOf(c).kind !== "owner" });
    },
  }),
  route({
    method: "delete",
    path: "/api/users/{user}",
    needs: "people",
    audit: "remove user",
    summary: "Remove a user",
    description: "What the user did keeps the name. Tokens and links that the user made end too.",
    success: [204, "The user's sessions have ended."],
    errors: { ...unknownUser, 409: "Nobody removes the own user, nor the last admin." },
    answer: async ({ services: { access, workspace }, params: { user }, c }) => {
      requireOther(personOf(c), user);
      await access.users.remove(user, { keepsAdmin: personOf(c).kind !== "owner" });
      audit(c, { user, ...(await removeWhatIsOf(user, workspace.state, access.tokens)) });
      return c.body(null, 204);
    },
  }),

  route({
    method: "get",
    path: "/api/tokens",
    needs: "people",
    summary: "Tokens of programs, by name",
    success: [200, "Without the tokens themselves.", tokenListSchema],
    answer: async ({ services: { access } }) => ({ tokens: await access.tokens.list() }),
  }),
  route({
    method: "post",
    path: "/api/tokens",
    needs: "people",
    audit: "add token",
    summary: "Make a token for a program",
    body: tokenBodySchema,
    success: [201, "The token, which nobody can ask for again.", createdTokenSchema],
    errors: { 409: "There is a token of that name." },
    answer: async ({ services: { access }, body: { name, role, expires }, c }) => {
      audit(c, { token: name, role, expires });
      return access.tokens.add({
        name,
        role,
        lifetimeMs: parseLifetime(expires),
        createdBy: whoIs(personOf(c)),
      });
    },
  }),
  route({
    method: "delete",
    path: "/api/tokens/{id}",
    needs: "people",
    audit: "revoke token",
    summary: "Revoke a token",
    success: [204, "It opens nothing any more."],
    errors: { 404: "There is no such token." },
    answer: async ({ services: { access }, params: { id }, c }) => {
      const { name } = await access.tokens.revoke(id);
      audit(c, { token: name });
      return c.body(null, 204);
    },
  }),

  route({
    method: "get",
    path: "/api/shares",
    needs: "people",
    summary: "Every shared link, the newest first",
    success: [200, "Without the links themselves.", shareListSchema],
    answer: async ({ services: { workspace } }) => ({ shares: await new ShareStore(workspace.state).list() }),
  }),
  route({
    method: "get",
    path: "/api/audit",
    needs: "people",
    summary: "Who did what, when and from where",
    query: auditQuerySchema,
    success: [200, "What lakebook audit --json prints.", auditSchema],
    answer: async ({ services: { workspace }, query }) => ({
      entries: await readAudit(workspace.state, query),
    }),
  }),
] as const;

/** Containers have all of theirs at one path. */
async function markOf({ root }: Workspace): Promise<string> {
  const { ino } = await stat(root);
  return hashOf([root, ino]).slice(0, 16);
}

function toMe({ name, kind, role }: Person, workspace: string): Me {
  return {
    name,
    kind,
    role,
    workspace,
    can: permissions.filter((permission) => isAllowed(role, permission)),
  };
}

/** Else the last admin could be gone by one click. The command line of the machine may all. */
function requireOther(person: Person, user: string): void {
  if (person.kind !== "user" || person.name !== user) return;
  throw new AppError("conflict", "You cannot take your own admin role away.", {
    hint: "Another admin can, or the command line: lakebook user",
  });
}
