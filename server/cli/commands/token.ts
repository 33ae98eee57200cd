import { AppError } from "../../base/errors.js";
import { parseLifetime } from "../../base/lifetime.js";
import { appendAudit } from "../../people/audit-log.js";
import { owner } from "../../people/person.js";
import { roles } from "../../base/roles.js";
import { Tokens, type Token } from "../../people/tokens.js";
import { openWorkspace } from "../../workspace/workspace.js";
import type { Values } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { formatTable } from "../format.js";
import { requireRole } from "./user.js";

const DEFAULT_LIFETIME = "90d";

const options = {
  role: { type: "string", value: roles.join("|"), help: "what whoever has the token may do" },
  name: { type: "string", value: "N", help: "what it is for; records and the audit log name it" },
  expires: { type: "string", value: "90d|never", help: `default: ${DEFAULT_LIFETIME}` },
  ...jsonOption,
  ...workspaceOption,
} as const;

const usage = "list | add --role R --name N [--expires 90d] | revoke ID";

/** A running server knows at once. */
export const token = defineCommand({
  summary: "list, make and revoke tokens for programs",
  arguments: usage,
  positionals: { min: 1, max: 2 },
  options,
  async run({ positionals: [action, id], values, console }) {
    const { state } = await openWorkspace(values.workspace ?? ".");
    const tokens = new Tokens(state);
    const note = (what: string, { name, role }: Pick<Token, "name"> & Partial<Token>): Promise<void> =>
      appendAudit(state, {
        who: owner.name,
        from: "command line",
        what,
        token: name,
        ...(role === undefined ? {} : { role }),
      });
    if (action === "list" && id === undefined) print(console, values, await tokens.list());
    else if (action === "add" && id === undefined && values.name !== undefined) {
      const made = await tokens.add({
        name: values.name,
        role: requireRole(values.role),
        lifetimeMs: parseLifetime(values.expires ?? DEFAULT_LIFETIME),
        createdBy: owner.name,
      });
      await note("add token", made.entry);
      if (values.json === true) console.out(`${JSON.stringify(made, null, 2)}\n`);
      else console.out(`${made.token}\n`);
      console.err(`It is shown this once. lakebook token revoke ${made.entry.id} ends it.\n`);
    } else if (action === "revoke" && id !== undefined) {
      await note("revoke token", await tokens.revoke(id));
      console.err(`Revoked ${id}.\n`);
    } else
      throw new AppError("usage", "The command is not complete, or not known.", {
        hint: `Usage: lakebook token ${usage}`,
      });
    return 0;
  },
});

function print(console: Console, values: Values<typeof options>, tokens: readonly Token[]): void {
  if (values.json === true) console.out(`${JSON.stringify({ tokens }, null, 2)}\n`);
  else if (tokens.length === 0) console.out("There are no tokens.\n");
  else
    console.out(
      formatTable(
        ["id", "name", "role", "created by", "expires", ""],
        tokens.map(({ id, name, role, createdBy, expiresAt, opens }) => [
          id,
          name,
          role,
          createdBy,
          expiresAt?.slice(0, 10) ?? "never",
          opens === role ? "" : opens === null ? "opens nothing" : `opens as ${opens}`,
        ]),
      ),
    );
}
