import { agentRoutes } from "./agent-routes.js";
import { alertRoutes } from "./alert-routes.js";
import { backupRoutes } from "./backup-routes.js";
import { chartRoutes } from "./chart-routes.js";
import { eventRoutes } from "./event-routes.js";
import { healthRoutes } from "./health.js";
import { historyRoutes } from "./history-routes.js";
import { inputRoutes } from "./input-routes.js";
import { lakeRoutes } from "./lake-routes.js";
import { manageRoutes } from "./manage-routes.js";
import { notebookRoutes } from "./notebook-routes.js";
import { openapiRoutes } from "./openapi.js";
import { peopleRoutes } from "./people-routes.js";
import { proposalRoutes } from "./proposal-routes.js";
import { resultRoutes } from "./result-routes.js";
import type { NamesIn, Route, Wire } from "./route.js";
import { runRoutes } from "./run-routes.js";
import { scheduleRoutes } from "./schedule-routes.js";
import { shareRoutes } from "./share-routes.js";
import { timeTravelRoutes } from "./time-travel-routes.js";
import { workbenchRoutes } from "./workbench-routes.js";

/** Every route, as the description lists them. */
export const routes = [
  ...healthRoutes,
  ...notebookRoutes,
  ...historyRoutes,
  ...runRoutes,
  ...eventRoutes,
  ...scheduleRoutes,
  ...resultRoutes,
  ...chartRoutes,
  ...workbenchRoutes,
  ...alertRoutes,
  ...shareRoutes,
  ...inputRoutes,
  ...manageRoutes,
  ...lakeRoutes,
  ...timeTravelRoutes,
  ...backupRoutes,
  ...agentRoutes,
  ...proposalRoutes,
  ...peopleRoutes,
  ...openapiRoutes(everyRoute),
] as const;

function everyRoute(): readonly Route[] {
  return routes;
}

/** Of each route, as in `GET /api/runs/{id}`: what is sent, and what a success answers. */
export type Api = {
  [R in (typeof routes)[number] as `${Uppercase<R["method"]>} ${R["path"]}`]: R extends Wire<
    infer Query,
    infer Body,
    infer Answer
  >
    ? { readonly sent: Sent<NamesIn<R["path"]>, Query, Body>; readonly answer: Answer }
    : never;
};

type Sent<Name extends string, Query, Body> = ([Name] extends [never]
  ? unknown
  : { readonly params: Readonly<Record<Name, string>> }) &
  (Partial<Query> extends Query
    ? { readonly query?: InAddress<Query> }
    : { readonly query: InAddress<Query> }) &
  ([Body] extends [never] ? unknown : { readonly body: Body });

/** Numbers are written as text anyway. */
type InAddress<Query> = {
  readonly [Name in keyof Query]: Query[Name] | (string extends Query[Name] ? number : never);
};
