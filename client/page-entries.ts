import type { NotebookSummary } from "../server/api/protocol.js";
import type { Permission } from "../server/base/roles.js";
import { api } from "./api-client.js";
import type { PaletteEntry } from "./elements/command-palette.js";
import { toHash, type Route } from "./router.js";
import { may } from "./session.js";

/** Those that the line above every page leads to. */
export const mainPages: readonly { readonly label: string; readonly to: Route }[] = [
  { label: "Notebooks", to: { page: "home" } },
  { label: "Lake", to: { page: "lake" } },
  { label: "Runs", to: { page: "runs" } },
  { label: "Schedules", to: { page: "schedules" } },
  { label: "Input", to: { page: "input" } },
];

const pages: readonly (readonly [label: string, to: Route, needs?: Permission])[] = [
  ...mainPages.map(({ label, to }) => [label, to] as const),
  ["Alerts", { page: "alerts" }, "alerts"],
  ["People", { page: "people" }, "people"],
];

/** The pages of the product but the one that is open. */
export function pageEntries(current?: Route["page"]): PaletteEntry[] {
  const inside = pages.flatMap(([label, to, needs]) =>
    to.page === current || (needs !== undefined && !may(needs))
      ? []
      : [
          {
            label,
            detail: "page",
            run: () => {
              location.hash = toHash(to);
            },
          },
        ],
  );
  const documents = (label: string, detail: string, address: string): PaletteEntry => ({
    label,
    detail,
    run: () => {
      location.assign(address);
    },
  });
  return [
    ...inside,
    documents("Docs", "guide, reference", "/docs"),
    documents("API", "routes, for programs", "/api/docs"),
  ];
}

/** The workspace's notebooks but this one, by title. */
export function notebookEntries(notebooks: readonly NotebookSummary[], current?: string): PaletteEntry[] {
  return notebooks
    .filter(({ name }) => name !== current)
    .sort((a, b) => a.title.localeCompare(b.title))
    .map(({ name, title }) => ({
      label: title,
      detail: name,
      run: () => {
        location.hash = toHash({ page: "notebook", name });
      },
    }));
}

/** None where the server does not say. */
export async function otherNotebooks(current?: string): Promise<PaletteEntry[]> {
  return notebookEntries(await api.notebooks().catch(() => []), current);
}
