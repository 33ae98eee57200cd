import { expect } from "vitest";
import { responsesOf } from "../../../server/api/openapi.js";
import { routes, type RouteDescription } from "../../../server/api/routes.js";

/** Fails where a route answers with a status or a body that its description does not know. */
export async function requireDescribed(method: string, path: string, response: Response): Promise<void> {
  const [bare = ""] = path.split("?");
  const route = routes.find(
    (candidate) => candidate.method === method.toLowerCase() && fits(candidate, bare),
  );
  if (route === undefined) return;
  const described = responsesOf(route)[response.status];
  const asked = `${method} ${route.path}, ${String(response.status)}`;
  if (described === undefined) throw new Error(`${asked} is not described`);
  const type = response.headers.get("content-type")?.split(";")[0];
  const isError = response.status >= 400 && route.path !== "/s/{token}";
  const types = isError ? ["application/json"] : [route.type ?? "application/json"].flat();
  expect(types, asked).toContain(type);
  const [, , schema] = route.success;
  if (isError || schema === undefined) return;
  expect(schema.safeParse(await response.clone().json()).error, asked).toBeUndefined();
}

function fits({ path }: RouteDescription, asked: string): boolean {
  const pattern = path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(asked);
}
