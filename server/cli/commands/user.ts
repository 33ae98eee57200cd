import { AppError } from "../../base/errors.js";
import { appendAudit } from "../../people/audit-log.js";
import { owner } from "../../people/person.js";
import { isRole, roles, type Role } from "../../base/roles.js";
import { removeWhatIsOf } from "../../share/remove-of.js";
import { Users, type User } from "../../people/users.js";
import { openWorkspace } from "../../workspace/workspace.js";
import type { Values } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption, type CommandInput } from "../command.js";
import type { Console } from "../console.js";
import { formatTable } from "../format.js";
import { readPassword } from "../read-password.js";

const options = {
  role: { type: "string", value: roles.join("|"), help: "what the new user may do" },
  ...jsonOption,
  ...workspaceOption,
} as const;

const usage =
  "list | add NAME --role R | role NAME R | password NAME | logout NAME | disable NAME | enable NAME | remove NAME";

type Input = CommandInput<typeof options>;

/** A running server knows at once. */
export const user = defineCommand({
  summary: "list, add and change those who log in by name",
  arguments: usage,
  positionals: { min: 1, max: 3 },
  options,
  async run(input) {
    const { positionals, values, console } = input;
    const { state } = await openWorkspace(values.workspace ?? ".");
    const users = new Users(state);
    if (positionals[0] === "list") {
      print(console, values, await users.list());
      for (const name of await users.damaged())
        console.err(
          `Warning: the file of ${name} cannot be read: lakebook user remove ${name}, then add it again.\n`,
        );
      return 0;
    }
    const { what, changed } = await change(users, input);
    const { name, role } = changed;
    const ended = what === "remove user" ? await removeWhatIsOf(name, state) : {};
    const told = role !== undefined && (what === "add user" || what === "change user") ? { role } : {};
    await appendAudit(state, { who: owner.name, from: "command line", what, user: name, ...told, ...ended });
    if (values.json === true) console.out(`${JSON.stringify(changed, null, 2)}\n`);
    else console.out(`${tell(what, changed)}\n`);
    const { tokens = [], shares = 0 } = ended;
    if (tokens.length > 0 || shares > 0)
      console.err(
        `Ended with ${name}: ${[...tokens.map((token) => `token ${token}`), ...(shares > 0 ? [`links: ${String(shares)}`] : [])].join(", ")}.\n`,
      );
    return 0;
  },
});

/** Of a user whose file was broken only the name is known. */
type Told = Partial<User> & Pick<User, "name">;

function tell(what: string, { name, role, isDisabled = false }: Told): string {
  if (what === "remove user") return `${name} is removed.`;
  if (what === "log user out") return `${name} is logged out everywhere.`;
  const standing = `${name} is ${role ?? "no user"}${isDisabled ? ", disabled" : ""}.`;
  return what === "change password"
    ? `${name} has another password and is logged out everywhere. ${standing}`
    : standing;
}

async function change(
  users: Users,
  { positionals, values, console, signal }: Input,
): Promise<{ readonly what: string; readonly changed: Told }> {
  const [action = "", given, text] = positionals;
  if (given === undefined || (text !== undefined && action !== "role")) throw wrongUsage();
  const name = given.toLowerCase();
  const changed = (what: string, user: Told) => ({ what, changed: user });
  switch (action) {
    case "add": {
      const role = requireRole(values.role);
      return changed("add user", await users.add(name, role, await readPassword(console, signal)));
    }
    case "role":
      return changed("change user", await users.change(name, { role: requireRole(text) }));
    case "password": {
      await users.get(name);
      const password = await readPassword(console, signal);
      return changed("change password", await users.change(name, { password }));
    }
    case "logout":
      return changed("log user out", await users.change(name, { endSessions: true }));
    case "disable":
      return changed("disable user", await users.change(name, { isDisabled: true }));
    case "enable":
      return changed("enable user", await users.change(name, { isDisabled: false }));
    case "remove": {
      const removed = (await users.list()).find((user) => user.name === name) ?? { name };
      await users.remove(name);
      return changed("remove user", removed);
    }
    default:
      throw wrongUsage();
  }
}

export function requireRole(text: string | undefined): Role {
  if (text !== undefined && isRole(text)) return text;
  throw new AppError("usage", text === undefined ? "Which role is not said." : `"${text}" is no role.`, {
    hint: `One of ${roles.join(", ")}.`,
  });
}

function wrongUsage(): AppError {
  return new AppError("usage", "The command is not complete, or not known.", {
    hint: `Usage: lakebook user ${usage}`,
  });
}

function print(console: Console, values: Values<typeof options>, users: readonly User[]): void {
  if (values.json === true) console.out(`${JSON.stringify({ users }, null, 2)}\n`);
  else if (users.length === 0) console.out("There are no users: whoever has the start token may do all.\n");
  else
    console.out(
      formatTable(
        ["name", "role", "created", ""],
        users.map(({ name, role, createdAt, isDisabled }) => [
          name,
          role,
          createdAt.slice(0, 10),
          isDisabled ? "disabled" : "",
        ]),
      ),
    );
}
