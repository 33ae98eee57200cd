import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { isLoopback, plainAddress } from "../../api/addresses.js";
import { AppError, messageOf } from "../../base/errors.js";
import { Users } from "../../people/users.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { parseWholeNumber, type Options, type Values } from "../arguments.js";
import { defineCommand, sparkOptions, workspaceOption } from "../command.js";
import { DEFAULT_PORT } from "../default-port.js";
import type { Settings } from "../open-server.js";
import { openWriteSession } from "../session.js";

const options = {
  port: { type: "string", value: "N", help: `default: ${String(DEFAULT_PORT)}; 0 takes any that is free` },
  host: { type: "string", value: "ADDRESS", help: "address to listen on; default: 127.0.0.1" },
  "allow-host": {
    type: "string",
    multiple: true,
    value: "NAME[:PORT]",
    help: "further name that browsers reach this server by; may be given several times",
  },
  token: {
    type: "string",
    value: "T",
    help: "what browsers and programs have to give; default: LAKEBOOK_TOKEN of the environment, else a random one",
  },
  "tls-cert": { type: "string", value: "FILE", help: "certificate (PEM): https is spoken" },
  "tls-key": { type: "string", value: "FILE", help: "key of the certificate (PEM)" },
  "behind-proxy": {
    type: "string",
    value: "ADDR[,ADDR]",
    help: "addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
  },
  open: { type: "boolean", help: "open the page in the browser" },
  ...sparkOptions,
  ...workspaceOption,
} as const satisfies Options;

/** After a signal the process is gone within ten seconds, whatever hangs. */
const SHUTDOWN_MS = 9_500;

export const serve = defineCommand({
  summary: "serve the workspace to browsers and programs",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options,
  async run({ values, console, signal }) {
    const settings = await readSettings(values);
    if (process.getuid?.() === 0)
      console.err(
        "Warning: Lakebook runs as root, so the system does not confine what SQL may read and write.\n",
      );
    // What answers requests is loaded while the engine's processes start, which takes longer.
    const load = () => import("../open-server.js");
    const session = await openWriteSession({
      workspace: values.workspace ?? ".",
      spark: { url: values.spark, lake: values["spark-lake"] },
      onStarting: () => void load().catch(() => undefined),
    });
    const { startServer } = await load();
    const server = await startServer(session, settings).catch(async (error: unknown) => {
      await session.close();
      throw error;
    });
    const withToken = `${server.url}/?token=${encodeURIComponent(settings.token)}`;
    // A token that somebody chose is known to whoever chose it, and belongs into no log.
    const page = settings.hasUsers || settings.isTokenChosen ? `${server.url}/` : withToken;
    console.out(`Lakebook is running at ${page}\n`);
    session.engine.reachCluster().catch((error: unknown) => {
      if (!signal.aborted) console.err(`Warning: ${messageOf(error)}\n`);
    });
    if (values.open === true) openBrowser(settings.isTokenChosen ? withToken : page);
    if (!signal.aborted) await once(signal, "abort");
    const deadline = setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    await server.close();
    await session.close();
    clearTimeout(deadline);
    return 0;
  },
});

const MIN_TOKEN_LENGTH = 24;

/** What has to be there before other machines may come; undefined where nothing is missing. */
function missingFor(
  values: Values<typeof options>,
  token: string | undefined,
  hasUsers: boolean,
): string | undefined {
  const hasToken =
    (hasUsers && token === undefined) || (token !== undefined && token.length >= MIN_TOKEN_LENGTH);
  const isSafe = values["tls-cert"] !== undefined || values["behind-proxy"] !== undefined;
  const missing = [
    ...(hasToken
      ? []
      : [
          `users (lakebook user add NAME --role admin), or a token of at least ${String(MIN_TOKEN_LENGTH)} characters (--token or LAKEBOOK_TOKEN)`,
        ]),
    ...(isSafe ? [] : ["--tls-cert and --tls-key, or --behind-proxy with the address of the proxy"]),
  ];
  return missing.length === 0 ? undefined : missing.join("; and ");
}

function readProxies(text: string | undefined): ReadonlySet<string> {
  const addresses = (text ?? "").split(",").map((address) => address.trim());
  const given = text === undefined ? [] : addresses;
  for (const address of given)
    if (isIP(address) === 0)
      throw new AppError("usage", `"--behind-proxy ${text ?? ""}" is no list of addresses.`, {
        hint: "For example: --behind-proxy 10.0.0.2",
      });
  return new Set(given.map(plainAddress));
}

async function readTls(values: Values<typeof options>): Promise<Settings["tls"]> {
  const { "tls-cert": cert, "tls-key": key } = values;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new AppError("usage", "--tls-cert and --tls-key belong together: one of them is missing.");
  const read = (path: string): Promise<string> =>
    readFile(path, "utf8").catch((error: unknown) => {
      throw new AppError("usage", `"${path}" cannot be read: ${messageOf(error)}`, { cause: error });
    });
  return { cert: await read(cert), key: await read(key) };
}

async function readSettings(values: Values<typeof options>): Promise<Settings> {
  const host = values.host ?? "127.0.0.1";
  const given = values.token ?? (process.env["LAKEBOOK_TOKEN"] || undefined);
  if (given !== undefined && !/^[\x21-\x7e]+$/.test(given))
    throw new AppError("usage", "The token has characters that cannot be sent, or none at all.", {
      hint: "Use letters, digits and punctuation.",
    });
  const hasUsers = await new Users((await openWorkspace(values.workspace ?? ".")).state).areThere();
  const missing = isLoopback(host) ? undefined : missingFor(values, given, hasUsers);
  if (missing !== undefined)
    throw new AppError("usage", `"${host}" can be reached from other machines. Missing: ${missing}.`, {
      hint: "Or leave --host out: then only this machine can reach it.",
    });
  return {
    host,
    port: parseWholeNumber(values.port ?? String(DEFAULT_PORT), "port", 0, 65_535),
    token: given ?? randomBytes(32).toString("base64url"),
    isTokenChosen: given !== undefined,
    hasUsers,
    allowedHosts: values["allow-host"] ?? [],
    proxies: readProxies(values["behind-proxy"]),
    tls: await readTls(values),
  };
}

function openBrowser(url: string): void {
  const command =
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open";
  const child = spawn(command, [url], { detached: true, stdio: "ignore" });
  // The address is printed: whoever has no browser here opens it elsewhere.
  child.on("error", () => undefined);
  child.unref();
}
