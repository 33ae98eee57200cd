import { Lake } from "../lake/lake.js";
import { appendAudit } from "../people/audit-log.js";
import { owner } from "../people/person.js";
import { openWorkspace } from "../workspace/workspace.js";
import { findServer, type ServerAddress } from "./run-client.js";
import { stderrLogger } from "./session.js";
import { takeTurn, type Turn } from "./take-turn.js";

/** What a command does to the lake: by the server that holds it, else in this process, which takes the lake for it. */
export interface LakeWork<T> {
  readonly workspace: string;
  readonly turn: Turn;
  readonly byServer: (server: ServerAddress) => Promise<T>;
  readonly here: (lake: Lake) => Promise<T>;
  /** What the audit log says of it where this process does it; a server says it itself. */
  readonly audit: { readonly what: string } & Readonly<Record<string, unknown>>;
  /** Defaults to write. */
  readonly mode?: "read" | "write";
}

export function workOnLake<T>({
  workspace: folder,
  turn,
  byServer,
  here,
  audit,
  mode = "write",
}: LakeWork<T>): Promise<T> {
  return takeTurn(async () => {
    const workspace = await openWorkspace(folder);
    const server = await findServer(workspace.state);
    if (server !== undefined) return byServer(server);
    const lake = await Lake.open(workspace.lake, { mode, logger: stderrLogger });
    try {
      const done = await here(lake);
      if (mode === "write")
        await appendAudit(workspace.state, { who: owner.name, from: "command line", ...audit });
      return done;
    } finally {
      await lake.close();
    }
  }, turn);
}
