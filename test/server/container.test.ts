import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isLoopback } from "../../server/api/addresses.js";
import { parseArguments } from "../../server/cli/arguments.js";
import { loadCommand } from "../../server/cli/main.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly user: string;
        readonly command: readonly string[];
        readonly environment: Readonly<Record<string, string>>;
        readonly ports: readonly string[];
        readonly volumes: readonly string[];
        readonly cap_drop: readonly string[];
        readonly read_only: boolean;
      }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const instructions = lines((await read("Dockerfile")).replace(/\\\n */g, "")).map((line) => {
  const [, name = "", text = ""] = /^(\w+) +(.*)$/.exec(line) ?? [];
  return { name, text };
});
const all = (name: string, among = instructions) =>
  among.filter((instruction) => instruction.name === name).map(({ text }) => text);
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
const compose = parse(await read("compose.yaml")) as Compose;
const service = compose.services["lakebook"];

/** As Compose does it where the environment sets nothing; what is demanded becomes `given`. */
const filled = (text = "", given = "") =>
  text.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)\}/g, (_all, fallback?: string) => fallback ?? given);

async function serveOptions(args: readonly string[]) {
  const { options, positionals } = await loadCommand("serve");
  const [name, ...rest] = args;
  expect(name).toBe("serve");
  return parseArguments(rest, options, { ...positionals, usage: "" }).values;
}

describe("the image", () => {
  test("is made from a Node that the package is tried with, the same in every stage", async () => {
    const images = all("FROM").map((text) => text.split(" ")[0]);
    const [image = ""] = images;
    expect(new Set(images).size).toBe(1);
    const version = /^node:(\d+)-slim$/.exec(image)?.[1] ?? "none";
    const tried = /const otherNodes = \[(.*?)\]/.exec(await read("test/integration/cli/packed.test.ts"))?.[1];
    expect(tried?.split(", ")).toContain(version);
  });

  test("holds the package with the locked versions, and runs no script of another package", () => {
    expect(all("COPY", last)).toEqual(["--from=build /lakebook /lakebook"]);
    const installs = all("RUN").flatMap((text) => text.match(/npm (ci|install)\b[^&]*/g) ?? []);
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toMatch(/^npm ci .*--ignore-scripts/);
    expect(installs.at(-1)).toContain("--omit=dev");
  });

  test("runs as an ordinary user, with a workspace in a volume", () => {
    expect(all("USER", last)).toEqual(["node"]);
    expect(all("VOLUME", last)).toEqual(["/workspace"]);
    expect(all("WORKDIR", last)).toEqual(["/workspace"]);
    expect(last.findIndex(({ name }) => name === "RUN")).toBeLessThan(
      last.findIndex(({ name }) => name === "USER"),
    );
  });

  test("listens where it says, is asked for its health, and leaves to the caller what makes it safe", async () => {
    expect(all("ENTRYPOINT", last)).toEqual(['["lakebook"]']);
    const values = await serveOptions(JSON.parse(all("CMD", last)[0] ?? "") as string[]);
    expect(values).toEqual({ host: "0.0.0.0" });
    expect(all("EXPOSE", last)).toEqual(["8080"]);
    expect(all("HEALTHCHECK", last)[0]).toContain("/healthz");
  });

  test("is built from what is named, so that neither data nor secrets get into it", async () => {
    const [first, ...named] = lines(await read(".dockerignore"));
    expect(first).toBe("*");
    for (const line of named) expect(line).toMatch(/^![\w.-]+(\/[\w.-]+)*$/);
    for (const path of ["!.", "!.env", "!.git", "!input", "!data_lake", "!notebooks", "!.lakebook"])
      expect(named).not.toContain(path);
    const text = instructions.map((instruction) => `${instruction.name} ${instruction.text}`).join("\n");
    expect(text).not.toMatch(/^(ARG|ADD) |token|password|secret/im);
  });
});

describe("compose.yaml", () => {
  test("starts a server that its own machine reaches at the port that it prints, and no other machine", async () => {
    const values = await serveOptions((service?.command ?? []).map((text) => filled(text)));
    expect(values).toEqual({ host: "0.0.0.0", port: "8080", "behind-proxy": "127.0.0.1" });
    const [host = "", ...ports] = filled(service?.ports[0]).split(":");
    expect(service?.ports).toHaveLength(1);
    expect(isLoopback(host)).toBe(true);
    expect(ports).toEqual(["8080", "8080"]);
  });

  test("takes the token from the environment, and does not start without", () => {
    expect(service?.environment).toEqual({
      LAKEBOOK_TOKEN: expect.stringMatching(/^\$\{LAKEBOOK_TOKEN:\?.*\}$/) as string,
      LAKEBOOK_SMTP_URL: "${LAKEBOOK_SMTP_URL:-}",
      LAKEBOOK_MAIL_FROM: "${LAKEBOOK_MAIL_FROM:-}",
      LAKEBOOK_WEBHOOK_SECRET: "${LAKEBOOK_WEBHOOK_SECRET:-}",
    });
  });

  test("runs as an ordinary user without privileges", () => {
    expect(filled(service?.user)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service).toMatchObject({ cap_drop: ["ALL"], read_only: true });
    for (const key of ["privileged", "network_mode", "pid", "cap_add", "devices"])
      expect(service).not.toHaveProperty(key);
  });

  test("keeps every folder of the workspace beyond the container", () => {
    expect(service?.volumes).toEqual([
      "state:/workspace",
      ...["notebooks", "input", "data_lake"].map((folder) => `./${folder}:/workspace/${folder}`),
    ]);
    expect(compose.volumes).toHaveProperty("state");
  });
});
