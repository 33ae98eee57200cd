import { isIP } from "node:net";
import { AppError } from "../../../base/errors.js";

/** Where a Spark Connect server is. */
export interface SparkAddress {
  /** `http:` or `https:`, with host and port. */
  readonly url: string;
  /** Host and port, for people. */
  readonly shown: string;
  readonly isEncrypted: boolean;
  readonly isLoopback: boolean;
}

const DEFAULT_PORT = 15002;
const EXAMPLE = "Write it as sc://host:15002, with TLS as sc://host:443/;use_ssl=true.";

/** Reads `sc://host:port/;key=value`. Fails with code usage. */
export function parseAddress(text: string): SparkAddress {
  const wrong = (why: string): AppError =>
    new AppError("usage", `"${withoutToken(text)}" is no address of a Spark: ${why}.`, { hint: EXAMPLE });
  const [, host, port, rest = ""] =
    /^sc:\/\/(\[[0-9a-f:.]+\]|[^/:;?#@\s[\]]+)(?::(\d{1,5}))?(?:\/((?:;[^;]*)*))?$/i.exec(text) ?? [];
  if (host === undefined) throw wrong("it has another form");
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (number < 1 || number > 65_535) throw wrong(`there is no port ${String(number)}`);
  let isEncrypted = false;
  for (const option of rest.split(";").filter((part) => part !== "")) {
    const [key = "", value = ""] = option.split("=", 2);
    if (key === "token") throw wrong("the token is taken only from LAKEBOOK_SPARK_TOKEN");
    if (key !== "use_ssl" || !/^(true|false)$/i.test(value)) throw wrong(`"${key}" is not known here`);
    isEncrypted = value.toLowerCase() === "true";
  }
  const shown = `${host}:${String(number)}`;
  return {
    url: `${isEncrypted ? "https" : "http"}://${shown}`,
    shown,
    isEncrypted,
    isLoopback: isLoopback(host.replace(/^\[|\]$/g, "")),
  };
}

function withoutToken(text: string): string {
  return text.replace(/(token=)[^;]*/gi, "$1…");
}

function isLoopback(host: string): boolean {
  if (host.toLowerCase() === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
