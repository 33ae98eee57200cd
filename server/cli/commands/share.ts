import { owner } from "../../people/person.js";
import { AppError } from "../../base/errors.js";
import { DEFAULT_LIFETIME, parseLifetime } from "../../base/lifetime.js";
import { ShareStore, type Share } from "../../share/share-store.js";
import { fixedControls } from "../../share/snapshot.js";
import { takeSnapshot } from "../../share/take-snapshot.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { openWorkspace } from "../../workspace/workspace.js";
import type { Values } from "../arguments.js";
import { CommandExplorer } from "../command-explorer.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { DEFAULT_PORT } from "../default-port.js";
import { formatTable } from "../format.js";
import { findServer } from "../run-client.js";
import { openReadSession } from "../session.js";

const options = {
  expires: { type: "string", value: "30d|never", help: `default: ${DEFAULT_LIFETIME}` },
  list: { type: "boolean", help: "list the links that are open" },
  revoke: { type: "string", value: "ID", help: "end a link, and remove what it shows" },
  ...jsonOption,
  ...workspaceOption,
} as const;

export const share = defineCommand({
  summary: "make a link that shows a notebook and its results as they are now",
  arguments: "[<notebook>]",
  positionals: { min: 0, max: 1 },
  options,
  async run({ positionals, values, console, signal }) {
    const notebook = positionals[0] === undefined ? undefined : toNotebookName(positionals[0]);
    const workspace = await openWorkspace(values.workspace ?? ".");
    const store = new ShareStore(workspace.state);
    if (values.revoke !== undefined) {
      await store.revoke(values.revoke);
      console.err(`The link ${values.revoke} is ended: it opens nothing any more.\n`);
    } else if (values.list === true) print(console, values, await store.list(notebook));
    else await createShare(notebook, values, { store, console, signal });
    return 0;
  },
});

function print(console: Console, values: Values<typeof options>, shares: readonly Share[]): void {
  if (values.json === true) console.out(`${JSON.stringify({ shares }, null, 2)}\n`);
  else if (shares.length === 0) console.out("There are no links.\n");
  else
    console.out(
      formatTable(
        ["id", "notebook", "created", "expires"],
        shares.map((item) => [item.id, item.notebook, toMinute(item.createdAt), toMinute(item.expiresAt)]),
      ),
    );
}

async function createShare(
  notebook: string | undefined,
  values: Values<typeof options>,
  {
    store,
    console,
    signal,
  }: { readonly store: ShareStore; readonly console: Console; readonly signal: AbortSignal },
): Promise<void> {
  if (notebook === undefined)
    throw new AppError("usage", "An argument is missing.", {
      hint: "Usage: lakebook share <notebook> [--expires 30d] | --list | --revoke ID",
    });
  const lifetime = parseLifetime(values.expires ?? DEFAULT_LIFETIME);
  const session = await openReadSession({ workspace: values.workspace ?? "." });
  const explorer = new CommandExplorer(values.workspace ?? ".", signal);
  try {
    const { notebooks } = session;
    const analyzed = await notebooks.analyze(await notebooks.read(notebook));
    const snapshot = await takeSnapshot({ ...session, explorer }, analyzed);
    const { share, token } = await store.create(snapshot, lifetime, owner.name);
    const server = await findServer(session.workspace.state);
    const path = `/s/${token}`;
    if (values.json === true)
      console.out(
        `${JSON.stringify({ id: share.id, url: `${server?.url ?? ""}${path}`, expiresAt: share.expiresAt })}\n`,
      );
    else console.out(`${server?.url ?? `http://127.0.0.1:${String(DEFAULT_PORT)}`}${path}\n`);
    console.err(
      `${share.expiresAt === null ? "It never expires" : `It expires at ${toMinute(share.expiresAt)}`}; lakebook share --revoke ${share.id} ends it.\n` +
        fixedControls(snapshot)
          .map((note) => `${note}\n`)
          .join("") +
        (server === undefined ? reachWords(values.workspace, path) : ""),
    );
  } finally {
    await explorer.close();
    await session.close();
  }
}

/** No server runs: who serves the workspace otherwise than by default has another address. */
function reachWords(workspace: string | undefined, path: string): string {
  const where = workspace === undefined ? "" : ` --workspace ${workspace}`;
  return (
    `No server runs in this workspace. Start one with: lakebook serve${where}\n` +
    `With another --port or --host, the link is the server's address and then ${path}\n`
  );
}

function toMinute(time: string | null): string {
  return time === null ? "never" : `${time.slice(0, 16).replace("T", " ")} UTC`;
}
