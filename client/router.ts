/** Where in the product the page is; stands behind the `#` of the address. */
export type Route =
  | { readonly page: "home" }
  | {
      readonly page: "notebook";
      readonly name: string;
      readonly cell?: string;
      /** What is chosen on the page, as `store/choices.ts` writes it. */
      readonly choices?: string;
      /** For people who do not read SQL. */
      readonly view?: "report";
    }
  | {
      readonly page: "lake";
      readonly dataset?: string;
      readonly date?: string;
      /** What is compared with what, at once. */
      readonly from?: string;
      readonly to?: string;
    }
  | {
      readonly page: "runs";
      readonly run?: string;
      /** Whose failing rows are shown. */
      readonly check?: string;
    }
  | {
      readonly page: "schedules";
      /** Whose calendar is shown. */
      readonly notebook?: string;
    }
  | { readonly page: "input" }
  | { readonly page: "alerts" }
  | {
      readonly page: "people";
      /** Of what there is to see; the users unless another one is named. */
      readonly part?: PeoplePart;
    };

export const peopleParts = ["users", "tokens", "shares", "audit"] as const;
export type PeoplePart = (typeof peopleParts)[number];

/** An address that means nothing leads home. */
export function parseRoute(hash: string): Route {
  const [path, query = ""] = splitOnce(hash.replace(/^#\/?/, ""));
  const [page, ...rest] = path.split("/").map((part) => safeDecode(part));
  const [first, second, third, fourth] = rest;
  if (page === "notebooks" && first !== undefined)
    return {
      page: "notebook",
      name: first,
      ...(second === undefined || second === "" ? {} : { cell: second }),
      ...readView(query),
    };
  if (page === "lake")
    return {
      page: "lake",
      ...(first === undefined ? {} : { dataset: first }),
      ...(second === undefined ? {} : { date: second }),
      ...(third === undefined || fourth === undefined ? {} : { from: third, to: fourth }),
    };
  if (page === "runs")
    return {
      page: "runs",
      ...(first === undefined ? {} : { run: first }),
      ...(second === undefined ? {} : { check: second }),
    };
  if (page === "schedules")
    return { page, ...(first === undefined || first === "" ? {} : { notebook: first }) };
  if (page === "input" || page === "alerts") return { page };
  if (page === "people") {
    const part = peopleParts.find((known) => known === first);
    return { page, ...(part === undefined ? {} : { part }) };
  }
  return { page: "home" };
}

export function toHash(route: Route): string {
  const parts = ((): (string | undefined)[] => {
    switch (route.page) {
      case "home":
        return [];
      case "notebook":
        return ["notebooks", route.name, route.cell];
      case "lake":
        return ["lake", route.dataset, route.date, route.from, route.to];
      case "runs":
        return ["runs", route.run, route.check];
      case "schedules":
        return ["schedules", route.notebook];
      case "input":
      case "alerts":
        return [route.page];
      case "people":
        return ["people", route.part];
    }
  })();
  const path = parts.flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)])).join("/");
  const query = route.page === "notebook" ? writeView(route) : "";
  return `#/${path}${query === "" ? "" : `?${query}`}`;
}

/** The first of a query, since a parameter may be called so too: behind `view=cells` it is that. */
const VIEW = /^view=(report|cells)(?:&|$)/;

function readView(query: string): { readonly choices?: string; readonly view?: "report" } {
  const choices = query.replace(VIEW, "");
  return {
    ...(choices === "" ? {} : { choices }),
    ...(VIEW.exec(query)?.[1] === "report" ? { view: "report" } : {}),
  };
}

function writeView({ view, choices = "" }: { readonly view?: "report"; readonly choices?: string }): string {
  const word = view ?? (VIEW.test(choices) ? "cells" : "");
  return [word === "" ? "" : `view=${word}`, choices].filter(Boolean).join("&");
}

function splitOnce(hash: string): [path: string, query?: string] {
  const at = hash.indexOf("?");
  return at < 0 ? [hash] : [hash.slice(0, at), hash.slice(at + 1)];
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
