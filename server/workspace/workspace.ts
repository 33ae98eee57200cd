import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { AppError, isSystemError, messageOf } from "../base/errors.js";
import { alertsSchema, type Alerts } from "../notebook/alerts.js";
import { parseDuration } from "../notebook/duration.js";

const settingsSchema = z.object({
  /** Further folders that SQL may read. `snapshot: false`: hashed, not copied. */
  data_paths: z
    .array(
      z.union([
        z.string().transform((path) => ({ path, snapshot: true })),
        z.object({ path: z.string(), snapshot: z.boolean().default(true) }),
      ]),
    )
    .default([]),
  /** Of all cells that run at the same time, e.g. `8GB`. */
  memory_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$/, 'a size such as "8GB"')
    .optional(),
  /** Cells that run at the same time. */
  concurrency: z.number().int().min(1).max(64).optional(),
  threads: z.number().int().min(1).max(256).optional(),
  /** Of the kept results of query cells together, e.g. `20GB`. */
  result_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$/, 'a size such as "20GB"')
    .optional(),
  /** Of a query that is in no notebook, e.g. `5m`. */
  query_timeout: z
    .union([z.string(), z.number()])
    .refine((value) => parseDuration(value) !== undefined, 'a time such as "60s" or "5m"')
    .transform((value) => parseDuration(value))
    .optional(),
  /** Of one file that is uploaded to input/, e.g. `5GB`. */
  upload_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(MB|GB|MiB|GiB)$/, 'a size such as "5GB"')
    .optional(),
  /** Who is told of every notebook's runs. */
  alerts: alertsSchema.optional(),
  /** A collector of OpenLineage that is told of materializations. */
  openlineage: z.strictObject({ url: z.string(), namespace: z.string().min(1).optional() }).optional(),
  /** A cluster for cells that ask for Spark: `lake` is its path of the lake's folder. */
  spark: z.strictObject({ url: z.string().min(1), lake: z.string().min(1).optional() }).optional(),
  /** Hosts within this network that webhooks of notebooks may go to. */
  webhook_hosts: z.array(z.string().trim().toLowerCase().min(1)).default([]),
  /** Where people reach this server, for links. */
  url: z
    .url({ protocol: /^https?$/, message: 'an address such as "https://lakebook.example.com"' })
    .transform((text) => text.replace(/\/+$/, ""))
    .optional(),
});

export interface DataPath {
  /** Absolute, without symlinks resolved. */
  readonly folder: string;
  /** As SQL names it. */
  readonly path: string;
  readonly snapshot: boolean;
}

export interface Settings {
  readonly dataPaths: readonly DataPath[];
  readonly memoryLimitBytes?: number;
  readonly concurrency?: number;
  readonly threads?: number;
  readonly resultLimitBytes?: number;
  readonly uploadLimitBytes?: number;
  readonly queryTimeoutMs?: number;
  readonly alerts?: Alerts;
  readonly openlineage?: { readonly url: string; readonly namespace?: string | undefined };
  readonly spark?: { readonly url: string; readonly lake?: string | undefined };
  /** In lower case, without port. */
  readonly webhookHosts: readonly string[];
  /** Without a slash at its end. */
  readonly url?: string;
}

/** A folder with `notebooks/ input/ data_lake/`. All paths are absolute. */
export interface Workspace {
  readonly root: string;
  readonly notebooks: string;
  readonly input: string;
  readonly lake: string;
  /** `.lakebook/`: private, never readable from SQL. */
  readonly state: string;
  readonly settings: Settings;
}

const SETTINGS_FILE = "lakebook.yaml";

/** Fails with code usage where the folder is no workspace or its settings are wrong. */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const root = resolve(folder);
  if (!(await isFolder(root))) throw new AppError("usage", `"${folder}" is not a folder.`);
  if (!(await isFolder(join(root, "notebooks")))) {
    throw new AppError("usage", `"${folder}" is not a workspace: it has no folder "notebooks".`, {
      hint: "Run lakebook in a folder with notebooks/, input/ and data_lake/, or name one with --workspace.",
    });
  }
  return {
    root,
    notebooks: join(root, "notebooks"),
    input: join(root, "input"),
    lake: join(root, "data_lake"),
    state: join(root, ".lakebook"),
    settings: await readSettings(root),
  };
}

/** Whom `lakebook.yaml` names as it is now, so that a server need not begin anew; while it cannot be read, whom it named when the workspace was opened. */
export async function currentAlerts({ root, settings }: Workspace): Promise<Alerts | undefined> {
  try {
    return (await readSettings(root)).alerts;
  } catch (error) {
    if (error instanceof AppError) return settings.alerts;
    throw error;
  }
}

async function readSettings(root: string): Promise<Settings> {
  const file = join(root, SETTINGS_FILE);
  const parsed = settingsSchema.safeParse(await readYaml(file));
  if (!parsed.success) {
    const problems = z.prettifyError(parsed.error).replace(/\s*\n\s*/g, " ");
    throw new AppError("usage", `"${SETTINGS_FILE}" is not valid: ${problems}`);
  }
  const { data_paths: paths, memory_limit: memoryLimit, concurrency, threads } = parsed.data;
  const { upload_limit: uploadLimit, result_limit: resultLimit, query_timeout: queryTimeoutMs } = parsed.data;
  const { alerts, openlineage, spark, webhook_hosts: webhookHosts, url } = parsed.data;
  return {
    webhookHosts,
    ...(alerts === undefined ? {} : { alerts }),
    ...(openlineage === undefined ? {} : { openlineage }),
    ...(spark === undefined ? {} : { spark }),
    ...(url === undefined ? {} : { url }),
    dataPaths: paths.map(({ path, snapshot }) => toDataPath(root, path, snapshot)),
    ...(memoryLimit === undefined ? {} : { memoryLimitBytes: parseBytes(memoryLimit) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(threads === undefined ? {} : { threads }),
    ...(resultLimit === undefined ? {} : { resultLimitBytes: parseBytes(resultLimit) }),
    ...(queryTimeoutMs === undefined ? {} : { queryTimeoutMs }),
    ...(uploadLimit === undefined ? {} : { uploadLimitBytes: parseBytes(uploadLimit) }),
  };
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return (parse(await readFile(file, "utf8")) as unknown) ?? {};
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return {};
    throw new AppError("usage", `"${SETTINGS_FILE}" cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function toDataPath(root: string, path: string, snapshot: boolean): DataPath {
  const folder = resolve(root, path);
  for (const own of ["data_lake", ".lakebook"]) {
    if (isInside(folder, join(root, own)) || isInside(join(root, own), folder)) {
      throw new AppError(
        "usage",
        `"${SETTINGS_FILE}" opens "${path}" to SQL, but "${own}" must stay closed to it.`,
        {
          hint:
            own === "data_lake" ? "Read datasets as lake.<dataset>." : "Name a folder that does not hold it.",
        },
      );
    }
  }
  const name = isAbsolute(path) ? folder : relative(root, folder).split(sep).join("/");
  return { folder, path: name, snapshot };
}

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MiB: 2 ** 20, GiB: 2 ** 30 };

/** `8GB`, `512 MiB` to bytes; only for text that the settings' schema let pass. */
function parseBytes(text: string): number {
  const match = /^([\d.]+)\s*([A-Za-z]+)$/.exec(text);
  return Math.round(Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ""] ?? 1));
}

/** True for the folder itself and everything below it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
