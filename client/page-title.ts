import type { Route } from "./router.js";

/** What the window and its tab are called. `notebookTitle`: of the notebook that is open, once it is known. */
export function titleOf(route: Route, notebookTitle: string | undefined): string {
  return [...partsOf(route, notebookTitle), "Lakebook"].join(" · ");
}

function partsOf(route: Route, notebookTitle: string | undefined): string[] {
  switch (route.page) {
    case "home":
      return ["Notebooks"];
    case "notebook":
      return [notebookTitle ?? route.name];
    case "lake":
      return [[route.dataset, route.date].filter((part) => part !== undefined).join(" "), "Lake"].filter(
        Boolean,
      );
    case "runs":
      return [route.check ?? "", route.run ?? "", "Runs"].filter(Boolean);
    case "schedules":
      return [route.notebook ?? "", "Schedules"].filter(Boolean);
    case "input":
      return ["Input"];
    case "alerts":
      return ["Alerts"];
    case "people":
      return ["People"];
  }
}
