import { copyFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../../../server/base/logger.js";
import type { AlertEvent } from "../../../../server/operate/alerts/alert-event.js";
import { Outbox, readOutbox } from "../../../../server/operate/alerts/outbox.js";

const HOUR = 3_600_000;
const data = { type: "mail", address: "data@example.com" } as const;
const ana = { type: "mail", address: "ana@example.com" } as const;

function event(id: string): AlertEvent {
  const told = { cells: [], checks: [], notes: [], more: 0 };
  return { id, kind: "failed", kinds: ["failed"], at: "", notebook: "sales", date: "2026-11-01", ...told };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-outbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "outbox");
}

const open = (folder: string): Promise<Outbox> => Outbox.open(folder, silentLogger);
const ids = (messages: readonly { readonly event: AlertEvent }[]): string[] =>
  messages.map(({ event: { id } }) => id);

test("a message is there once for each event and recipient, through restarts and after it was sent", async () => {
  const folder = await newFolder();
  const outbox = await open(folder);
  for (const recipient of [data, ana, data]) await outbox.put(event("a"), recipient, 0);
  expect(outbox.waiting).toBe(2);
  const [first] = outbox.due(0);
  if (first !== undefined) await outbox.sent(first, 1);
  const again = await open(folder);
  await again.put(event("a"), data, 2);
  expect(again.due(2)).toMatchObject([{ recipient: ana }]);
  expect(await readOutbox(folder, silentLogger)).toMatchObject([
    { status: "waiting" },
    { status: "sent", endedAt: 1 },
  ]);
});

test("only this user can read it", async () => {
  const folder = await newFolder();
  await (await open(folder)).put(event("a"), data, 0);
  const [name = ""] = await readdir(join(folder, "waiting"));
  const modes = await Promise.all(
    [folder, join(folder, "waiting", name)].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toEqual([0o700, 0o600]);
});

test("messages of a recipient wait for the one before; those of others do not", async () => {
  const outbox = await open(await newFolder());
  for (const id of ["a", "b"]) await outbox.put(event(id), data, 0);
  await outbox.put(event("c"), ana, 0);
  const [first] = outbox.due(0);
  expect(ids(outbox.due(0))).toEqual(["a", "c"]);
  if (first !== undefined) await outbox.failed(first, "down", Infinity, 0);
  expect(ids(outbox.due(0))).toEqual(["c"]);
  expect(ids(outbox.due(HOUR))).toEqual(["a", "c"]);
});

test("what fails is tried with growing pauses for a day, through restarts, and kept as failed then", async () => {
  const folder = await newFolder();
  await (await open(folder)).put(event("a"), data, 0);
  const times: number[] = [];
  for (let now = 0; ;) {
    const outbox = await open(folder);
    const [message] = outbox.due(now);
    if (message === undefined) break;
    times.push(now);
    await outbox.failed(message, "down", Infinity, now);
    now = outbox.nextAt() ?? now;
  }
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(pauses.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000]);
  expect(Math.max(...pauses)).toBe(HOUR / 2);
  expect(times.at(-2)).toBeLessThan(24 * HOUR);
  expect(times.at(-1)).toBeGreaterThanOrEqual(24 * HOUR);
  expect(await readOutbox(folder, silentLogger)).toMatchObject([
    { status: "failed", problem: "down", tries: times.length },
  ]);
});

test("what is refused is given up soon", async () => {
  const outbox = await open(await newFolder());
  await outbox.put(event("a"), data, 0);
  for (let tries = 1; tries <= 3; tries++) {
    const [message] = outbox.due(tries * HOUR);
    if (message !== undefined) await outbox.failed(message, "404", 3, tries * HOUR);
  }
  expect(outbox.waiting).toBe(0);
});

test("a kill before a message leaves what waits does not send it again", async () => {
  const folder = await newFolder();
  const outbox = await open(folder);
  await outbox.put(event("a"), data, 0);
  const [name = ""] = await readdir(join(folder, "waiting"));
  await copyFile(join(folder, "waiting", name), join(folder, "kept"));
  const [message] = outbox.due(0);
  if (message !== undefined) await outbox.sent(message, 1);
  await copyFile(join(folder, "kept"), join(folder, "waiting", name));
  await copyFile(join(folder, "kept"), join(folder, "waiting", `.${name}.x.tmp`));
  expect((await open(folder)).waiting).toBe(0);
  expect(await readdir(join(folder, "waiting"))).toEqual([]);
});
