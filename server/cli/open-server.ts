import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { createApp, type AgentAccess } from "../api/app.js";
import { askHere } from "../api/ask-here.js";
import { appendAudit } from "../people/audit-log.js";
import { Throttle } from "../people/throttle.js";
import { isTold, RecentCounts } from "../people/recent-counts.js";
import { answerWith, closeServer, listen, ownHosts, urlOf, type Address } from "../api/http-server.js";
import { OutsideEdits } from "../analysis/outside-edits.js";
import { NotebookWatch } from "../analysis/notebook-watch.js";
import { writeServerFile } from "../api/server-file.js";
import { createServices, type ApiServices } from "../api/services.js";
import { openSessions } from "../people/session-file.js";
import { Tokens } from "../people/tokens.js";
import { Users } from "../people/users.js";
import type { Access } from "../api/guard.js";
import { readStaticFiles } from "../api/static-files.js";
import type { Logger } from "../base/logger.js";
import { createLiveView } from "../runs/run-inputs.js";
import { openOperation } from "../operate/operation.js";
import { Opened } from "./opened.js";
import { ownVersion } from "../api/own-version.js";
import { stderrLogger, type WriteSession } from "./session.js";

export interface Settings extends Address {
  readonly token: string;
  readonly isTokenChosen: boolean;
  /** People log in by name. */
  readonly hasUsers: boolean;
  readonly allowedHosts: readonly string[];
  readonly proxies: ReadonlySet<string>;
}

export interface StartedServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves what the session has opened, which stays the caller's. Fails with code conflict where the port is taken. */
export async function startServer(session: WriteSession, settings: Settings): Promise<StartedServer> {
  const opened = new Opened();
  return opened.orClose(() => openServer(session, settings, opened));
}

/** Notes what was opened, in case that the rest fails. */
async function openServer(session: WriteSession, settings: Settings, opened: Opened): Promise<StartedServer> {
  const { workspace, manager, lake, alerts } = session;
  const logger = stderrLogger;
  const reading = readStaticFiles(clientFolder());
  // Read beside what follows, which may fail first: whoever waits for it is told.
  reading.catch(() => undefined);
  const view = await createLiveView(workspace, join(lake.paths.tmp, "view"));
  const outside = opened.adopt(new OutsideEdits(workspace, manager.services.notebooks, logger));
  const watch = opened.adopt(
    await NotebookWatch.open({
      workspace,
      logger,
      onChange: (notebook, etag) => {
        manager.events.emit(notebook, { type: "notebook-changed", notebook, etag });
        if (etag !== null) void outside.note(notebook, etag);
      },
    }),
  );
  manager.events.subscribe((notebook, event) => {
    if (event.type === "notebook-changed") watch.notice(notebook, event.etag);
  });
  const operation = opened.adopt(await openOperation({ manager, alerts, logger }));
  if (session.lineage !== undefined) operation.measures.add(() => session.lineage?.metrics() ?? []);
  const sessions = await openSessions(
    workspace.state,
    settings.isTokenChosen ? settings.token : undefined,
    logger,
  );
  const files = await reading;
  // From here to `answerWith` nothing may be waited for: a request that comes in between is never answered.
  const { server, address } = await listen(settings);
  opened.add(() => closeServer(server));
  const hosts = ownHosts(address, settings.allowedHosts);
  const access = { ...accessOf(workspace.state, settings, logger), sessions, hosts };
  const id = randomUUID();
  const services = createServices({ ...session, id, view, operation, access, files, logger });
  answerWith(server, createApp(services, agentAccess(services)));
  const url = urlOf(address);
  const removeFile = await writeServerFile(workspace.state, {
    url,
    token: settings.token,
    pid: process.pid,
    id,
  });
  await operation.start();
  // What takes its time at the first request is done before it comes.
  services.notebooks.list(0).catch((error: unknown) => {
    logger.warn("notebooks cannot be read", { error });
  });
  void outside.noteAll();
  alerts.start(workspace.settings.url ?? url);
  const close = async (): Promise<void> => {
    operation.readiness.end();
    await removeFile();
    services.feed.close();
    // Nothing begins any more before what runs is stopped. Until it has, whoever asks learns that the server is not ready.
    await operation.close();
    await Promise.all([watch.close(), manager.close()]);
    await outside.close();
    await closeServer(server);
  };
  return { url, close };
}

function accessOf(
  state: string,
  { token, isTokenChosen, proxies }: Settings,
  logger: Logger,
): Omit<Access, "sessions" | "hosts"> {
  return {
    token,
    isTokenChosen,
    proxies,
    users: new Users(state),
    tokens: new Tokens(state),
    throttle: new Throttle(),
    refusals: new RecentCounts(),
    acts: new RecentCounts(),
    onWrong: async (from, user, count) => {
      if (!isTold(count)) return;
      // Not what was typed as a name: it may be a password.
      logger.warn("wrong credentials", { from, ...(user === undefined ? {} : { user }), count });
      await appendAudit(state, { who: user ?? "nobody", from, what: "wrong credentials", count }).catch(
        (error: unknown) => {
          logger.warn("the audit log cannot be written", { error });
        },
      );
    },
  };
}

/** Loaded with the first agent that comes. */
function agentAccess(services: ApiServices): AgentAccess {
  let loaded: Promise<AgentAccess> | undefined;
  const load = async (): Promise<AgentAccess> => {
    const { createAgentAccess } = await import("../agents/http.js");
    return createAgentAccess(askHere(services), await ownVersion());
  };
  return async (...asked) => (await (loaded ??= load()))(...asked);
}

/** Beside the bundle, where the build puts it. */
function clientFolder(): string {
  return resolve(import.meta.dirname, "../client");
}
