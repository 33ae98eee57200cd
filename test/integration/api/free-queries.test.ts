import { afterEach, describe, expect, test } from "vitest";
import { at, endless, HOST, notebook, TOKEN, useApi, type Json } from "./harness.js";

const shared = useApi({
  "notebooks/sales.md": notebook({ "cell: orders": "SELECT 1 AS id" }),
  "lakebook.yaml": "query_timeout: 30m\n",
});
const controllers: AbortController[] = [];
afterEach(() => {
  for (const controller of controllers.splice(0)) controller.abort();
});

/** A browser of its own. */
async function browser(): Promise<string> {
  const answer = await shared.api.request("GET", `/?token=${TOKEN}`, { token: null });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

function ask(cookie: string, sql: string) {
  const controller = new AbortController();
  controllers.push(controller);
  const answer = (async () => {
    const response = await shared.api.app.request(
      new Request(`http://${HOST}/api/notebooks/sales/query`, {
        method: "POST",
        headers: { cookie, "content-type": "application/json" },
        body: JSON.stringify({ sql }),
        signal: controller.signal,
      }),
    );
    return { status: response.status, body: (await response.json()) as Json };
  })();
  return { answer, close: () => controller.abort() };
}

describe("queries that are in no notebook", () => {
  test("two endless ones of a client hold up nobody else, and its own third one waits and says so", async () => {
    const [greedy, other] = [await browser(), await browser()];
    const first = ask(greedy, endless);
    const second = ask(greedy, endless);
    // Which of three requests comes first is not said, so that it may be before the second one.
    const third = (async () => {
      for (;;) {
        const answer = await ask(greedy, "SELECT 3 AS n").answer;
        if (answer.body["waitedMs"] !== undefined) return answer;
      }
    })();
    const answer = await ask(other, "SELECT 1 AS n").answer;
    expect(answer).toMatchObject({ status: 200, body: { rows: [[1]] } });
    expect(answer.body["waitedMs"]).toBeUndefined();
    // Pages of results are not behind them either.
    expect((await shared.api.run("sales")).outcome).toBe("succeeded");
    expect((await shared.api.request("GET", "/api/notebooks/sales/cells/orders/rows")).status).toBe(200);
    const own = await third;
    expect(own).toMatchObject({ status: 200, body: { rows: [[3]] } });
    expect(own.body["waitedMs"]).toBeGreaterThan(0);
    // A request that is closed ends its query.
    first.close();
    second.close();
    for (const { answer: given } of [first, second])
      expect(await given).toMatchObject({ status: 503, body: { error: { code: "cancelled" } } });
  });
});

test("a query of half a megabyte keeps neither saves nor /healthz waiting while it is read", async () => {
  const save = async (id: number): Promise<number> => {
    const path = "/api/notebooks/sales";
    const etag = (await shared.api.request("GET", path)).headers.get("etag") ?? "";
    const text = notebook({ "cell: orders": `SELECT ${String(id)} AS id` });
    return (await shared.api.request("PUT", path, { body: { text }, headers: { "if-match": etag } })).status;
  };
  expect(await save(2)).toBe(200);
  // It is refused as soon as it was read, so that what waits for its reading would come after its answer.
  const sql = `SELECT getenv('HOME') WHERE 1 IN (${Array.from({ length: 125_000 }, () => "12").join(", ")})`;
  let isAnswered = false;
  const { answer } = ask(await browser(), sql);
  const refused = answer.finally(() => (isAnswered = true));
  for (const id of [3, 4]) {
    expect(await save(id)).toBe(200);
    expect((await shared.api.request("GET", "/healthz")).status).toBe(200);
  }
  expect(isAnswered).toBe(false);
  expect(await refused).toMatchObject({ status: 400, body: { error: { code: "usage" } } });
});

describe("the time of a query", () => {
  const short = useApi({
    "notebooks/sales.md": notebook({}),
    "lakebook.yaml": "query_timeout: 300ms\n",
  });

  test("has an end, and the error says what to do", async () => {
    const { status, body } = await short.api.json("POST", "/api/notebooks/sales/query", {
      body: { sql: endless },
    });
    expect([status, at(body, "error", "code")]).toEqual([504, "timeout"]);
    expect(at(body, "error", "message")).toBe("The query was stopped after 0.3 s.");
    expect(at(body, "error", "hint")).toContain("query_timeout");
  });
});
