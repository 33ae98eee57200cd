import { randomBytes } from "node:crypto";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { hashPassword, isPassword, passwordSchema } from "./passwords.js";
import { isName, type Person } from "./person.js";
import { RecordFolder } from "./record-folder.js";
import { roles, type Role } from "../base/roles.js";

const userSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  role: z.enum(roles),
  password: passwordSchema,
  isDisabled: z.boolean(),
  createdAt: z.string(),
  /** Another one ends the user's sessions: a new password, a user who was shut out or logged out, another user of the same name. */
  stamp: z.string(),
});
type StoredUser = z.infer<typeof userSchema>;

export type User = Omit<StoredUser, "format" | "password" | "stamp">;

/** What a session of a user is for. */
export interface UserSession {
  readonly user: string;
  readonly stamp: string;
}

export interface UserChange {
  readonly role?: Role | undefined;
  readonly password?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly endSessions?: true | undefined;
}

export interface ChangeCondition {
  /** Fails with code conflict where nobody would be left who may log in and manage people. */
  readonly keepsAdmin?: boolean;
}

/** `.lakebook/users/<name>.json`. What a command changes counts for a running server at once. */
export class Users {
  readonly #records: RecordFolder<StoredUser>;

  constructor(stateFolder: string) {
    this.#records = new RecordFolder(stateFolder, "users", userSchema);
  }

  /** Whether people log in by name here. */
  async areThere(): Promise<boolean> {
    return (await this.#records.names()).length > 0;
  }

  async list(): Promise<User[]> {
    return (await this.#records.all()).map(toUser);
  }

  /** Fails with code not-found where there is no such user. */
  async get(name: string): Promise<User> {
    return toUser(await this.#require(name));
  }

  /** Fails with code usage for a name or password that may not be, and with code conflict where there is such a user. */
  async add(name: string, role: Role, password: string): Promise<User> {
    if (!isName(name))
      throw new AppError("usage", `"${name}" is no name for a user.`, {
        hint: "Small letters, digits and . _ @ + -, 64 at most, and none of owner, schedule, agent, token, nobody.",
      });
    const user: StoredUser = {
      format: 1,
      name,
      role,
      password: await hashPassword(password),
      isDisabled: false,
      createdAt: new Date().toISOString(),
      stamp: newStamp(),
    };
    if (await this.#records.add(name, user)) return toUser(user);
    if ((await this.#records.find(name)) === undefined) throw damaged(name);
    throw new AppError("conflict", `User "${name}" exists.`, {
      hint: "Choose another name, or give that user another password or role.",
    });
  }

  /** Names of those whose file somebody broke: they cannot log in. */
  damaged(): Promise<string[]> {
    return this.#records.damaged();
  }

  /** Fails with code not-found where there is no such user. */
  async change(
    name: string,
    change: UserChange,
    { keepsAdmin = false }: ChangeCondition = {},
  ): Promise<User> {
    await this.#require(name);
    const password = change.password === undefined ? undefined : await hashPassword(change.password);
    const changed = await this.#records.change(name, async (user) => {
      const { role = user.role, isDisabled = user.isDisabled } = change;
      if (keepsAdmin && (role !== "admin" || isDisabled)) await this.#requireOtherAdmin(name);
      const endsSessions =
        change.endSessions === true || password !== undefined || isDisabled !== user.isDisabled;
      return {
        ...user,
        role,
        isDisabled,
        password: password ?? user.password,
        stamp: endsSessions ? newStamp() : user.stamp,
      };
    });
    return changed === undefined ? toUser(await this.#require(name)) : toUser(changed);
  }

  /**
   * Gives whoever has that session another password; returns the only session that goes on. Undefined where it has ended
   * meanwhile: who was shut out, or given another password by an admin, changes nothing any more.
   */
  async changeOwnPassword(
    { user: name, stamp }: UserSession,
    password: string,
  ): Promise<UserSession | undefined> {
    const hashed = await hashPassword(password);
    const next = newStamp();
    const changed = await this.#records.change(name, (user) =>
      user.isDisabled || user.stamp !== stamp ? user : { ...user, password: hashed, stamp: next },
    );
    return changed?.stamp === next ? { user: name, stamp: next } : undefined;
  }

  /** Fails with code not-found where there is no such user; one whose file somebody broke can be removed. */
  async remove(name: string, { keepsAdmin = false }: ChangeCondition = {}): Promise<void> {
    const check = (): Promise<void> => this.#requireOtherAdmin(name);
    const isRemoved = isName(name) && (await this.#records.remove(name, keepsAdmin ? check : undefined));
    if (!isRemoved) await this.#require(name);
  }

  /** What a session of that user is for; undefined where name or password is wrong, or the user is disabled. */
  async logIn(name: string, password: string): Promise<UserSession | undefined> {
    const user = await this.#find(name);
    const isRight = await isPassword(password, user?.password);
    if (user === undefined || !isRight || user.isDisabled) return undefined;
    return { user: user.name, stamp: user.stamp };
  }

  /** `name` where there is such a user: what else is typed into a form may be a password, and is written nowhere. */
  async known(name: string): Promise<string | undefined> {
    return (await this.#find(name))?.name;
  }

  /** Role of a user who may log in and has been there since that time at the latest: another one of the same name is another one. */
  async roleSince(name: string, at: string): Promise<Role | undefined> {
    const user = await this.#find(name);
    return user === undefined || user.isDisabled || user.createdAt > at ? undefined : user.role;
  }

  /** Whose session it is; undefined where it has ended. */
  async ofSession(name: string, stamp: string): Promise<Person | undefined> {
    const user = await this.#find(name);
    if (user === undefined || user.isDisabled || user.stamp !== stamp) return undefined;
    return { kind: "user", name: user.name, role: user.role };
  }

  /** Whatever somebody types into a form becomes part of no path. */
  async #find(name: string): Promise<StoredUser | undefined> {
    const user = isName(name) ? await this.#records.find(name) : undefined;
    return user?.name === name ? user : undefined;
  }

  async #require(name: string): Promise<StoredUser> {
    const user = await this.#find(name);
    if (user !== undefined) return user;
    const names = await this.#records.names();
    if (names.includes(name)) throw damaged(name);
    const near = suggest(name, names);
    throw new AppError("not-found", `User "${name}" does not exist.`, {
      hint: near === undefined ? "lakebook user list shows them." : `Did you mean "${near}"?`,
    });
  }

  async #requireOtherAdmin(name: string): Promise<void> {
    const users = await this.#records.all();
    const isAdmin = (user: StoredUser): boolean => user.role === "admin" && !user.isDisabled;
    const only = users.filter(isAdmin);
    if (only.length !== 1 || only[0]?.name !== name) return;
    throw new AppError("conflict", `"${name}" is the last admin: nobody could manage people then.`, {
      hint: "Make somebody else an admin first. The command line of the machine may: lakebook user",
    });
  }
}

/** Nobody can tell what stood in it: it is made anew. */
function damaged(name: string): AppError {
  return new AppError(
    "damaged",
    `User "${name}" has a file that cannot be read: .lakebook/users/${name}.json`,
    {
      hint: `Nobody can log in by it. lakebook user remove ${name}, then add the user again.`,
    },
  );
}

function newStamp(): string {
  return randomBytes(12).toString("hex");
}

function toUser({ name, role, isDisabled, createdAt }: StoredUser): User {
  return { name, role, isDisabled, createdAt };
}
