import { Hono } from "hono";
import { expect, test } from "vitest";
import { clientOf } from "../../../server/api/guard.js";
import type { Env } from "../../../server/api/env.js";
import { owner, type Person } from "../../../server/people/person.js";

async function clientFor(person: Person, headers: Record<string, string>): Promise<string> {
  const app = new Hono<Env>();
  app.get("/", (c) => {
    c.set("person", person);
    return c.text(clientOf(c, {}));
  });
  return (await app.request("http://localhost:8080/", { headers })).text();
}

test("turns are a person's, however many browsers and programs ask; without users a browser's or a program's", async () => {
  const cookie = (id: string) => ({ cookie: `lakebook-8080=${id}` });
  const vera = { kind: "user", name: "vera", role: "viewer" } as const;
  expect(await clientFor(vera, cookie("a"))).toBe(await clientFor(vera, cookie("b")));
  const token = (name: string) =>
    clientFor({ kind: "token", name, role: "viewer" }, { authorization: "Bearer x" });
  expect(await token("ci")).not.toBe(await token("bot"));
  expect(await clientFor(owner, cookie("a"))).not.toBe(await clientFor(owner, cookie("b")));
});
