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

export interface UserChange {
  readonly role?: Role | undefined;
  readonly password?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly endSessions?: true | undefined;
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
    throw new AppError("conflict", `User "${name}" exists.`, {
      hint: "Choose another name, or give that user another password or role.",
    });
  }

  /** Fails with code not-found where there is no such user. */
  async change(name: string, { role, password, isDisabled, endSessions }: UserChange): Promise<User> {
    const user = await this.#require(name);
    const isSwitched = (isDisabled ?? user.isDisabled) !== user.isDisabled;
    const endsSessions = endSessions === true || password !== undefined || isSwitched;
    const changed: StoredUser = {
      ...user,
      ...(role === undefined ? {} : { role }),
      ...(password === undefined ? {} : { password: await hashPassword(password) }),
      ...(isDisabled === undefined ? {} : { isDisabled }),
      ...(endsSessions ? { stamp: newStamp() } : {}),
    };
    await this.#records.replace(name, changed);
    return toUser(changed);
  }

  /** Fails with code not-found where there is no such user. */
  async remove(name: string): Promise<void> {
    await this.#require(name);
    await this.#records.remove(name);
  }

  /** What a session of that user is for; undefined where name or password is wrong, or the user is disabled. */
  async logIn(
    name: string,
    password: string,
  ): Promise<{ readonly user: string; readonly stamp: string } | undefined> {
    const user = await this.#find(name);
    const isRight = await isPassword(password, user?.password);
    if (user === undefined || !isRight || user.isDisabled) return undefined;
    return { user: user.name, stamp: user.stamp };
  }

  /** `name` where there is such a user: what else is typed into a form may be a password, and is written nowhere. */
  async known(name: string): Promise<string | undefined> {
    return (await this.#find(name))?.name;
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
    const near = suggest(name, await this.#records.names());
    throw new AppError("not-found", `User "${name}" does not exist.`, {
      hint: near === undefined ? "lakebook user list shows them." : `Did you mean "${near}"?`,
    });
  }
}

function newStamp(): string {
  return randomBytes(12).toString("hex");
}

function toUser({ name, role, isDisabled, createdAt }: StoredUser): User {
  return { name, role, isDisabled, createdAt };
}
