import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../client/api-client.js";
import { AskAgain } from "../../client/ask-again.js";
import { connection, loadCode } from "../../client/connection.js";

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};
let again: AskAgain;
let status = 200;

async function ask(): Promise<void> {
  try {
    await api.tags();
    again.note();
  } catch (error) {
    again.note(error);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  status = 200;
});

afterEach(() => {
  connection.back();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a server that cannot be reached", () => {
  test.each([0, 502])("is asked again once it can be, after %s", async (code) => {
    const asked: string[] = [];
    status = code;
    vi.stubGlobal("fetch", (path: string) => {
      asked.push(path);
      return status === 0 ? Promise.reject(new TypeError()) : Promise.resolve(new Response("{}", { status }));
    });
    again = new AskAgain(host, () => void ask());
    again.hostConnected();
    await ask();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.filter((path) => path === "/api/lake/tags")).toHaveLength(1);
    status = 200;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.filter((path) => path === "/api/lake/tags")).toHaveLength(2);
    expect(asked.at(-1)).toBe("/api/lake/tags");
    again.hostDisconnected();
  });

  test("is not asked for ever what it cannot answer", async () => {
    let asked = 0;
    vi.stubGlobal("fetch", (path: string) => {
      if (path === "/api/lake/tags") asked++;
      return Promise.resolve(new Response("{}", { status: path === "/api/lake/tags" ? 502 : 200 }));
    });
    again = new AskAgain(host, () => void ask());
    again.hostConnected();
    await ask();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toBe(6);
    again.hostDisconnected();
  });

  test("is asked again for code of the page that did not come", async () => {
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new TypeError())
      .mockResolvedValue("code");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}", { status })));
    status = 502;
    const loaded = loadCode(load);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(1);
    status = 401;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await loaded).toBe("code");
  });
});
