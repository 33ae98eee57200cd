import { expect } from "vitest";
import { routes } from "../../../server/api/api.js";
import { errorBodySchema } from "../../../server/api/answers.js";
import { responsesOf } from "../../../server/api/openapi.js";
import type { Route } from "../../../server/api/route.js";

/** Fails where a route answers with a status, a type or a field that it does not declare. */
export async function requireDescribed(method: string, path: string, response: Response): Promise<void> {
  const [bare = ""] = path.split("?");
  const route: Route | undefined = routes.find(
    (candidate) => candidate.method === method.toLowerCase() && fits(candidate, bare),
  );
  if (route === undefined) return;
  const described = responsesOf(route)[response.status];
  const asked = `${method} ${route.path}, ${String(response.status)}`;
  if (described === undefined) throw new Error(`${asked} is not described`);
  if (response.status === 204) return;
  const type = response.headers.get("content-type")?.split(";")[0];
  const isError = response.status >= 400 && route.path !== "/s/{token}";
  const types = isError ? ["application/json"] : [route.type ?? "application/json"].flat();
  expect(types, asked).toContain(type);
  const schema = isError ? errorBodySchema : route.success[2];
  if (schema === undefined) return;
  const body: unknown = await response.clone().json();
  // What is not declared is left out of what is read.
  expect(schema.parse(body), asked).toEqual(body);
}

function fits({ path }: Route, asked: string): boolean {
  const pattern = path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(asked);
}
