import { calendarOf } from "../operate/calendar.js";
import { draftSchedule } from "../operate/schedules/schedule-draft.js";
import {
  backfillListSchema,
  backfillPlanSchema,
  backfillViewSchema,
  calendarSchema,
  scheduleDraftSchema,
  scheduleListSchema,
  scheduleViewSchema,
  startedRunSchema,
} from "./answers.js";
import {
  backfillBodySchema,
  calendarQuerySchema,
  emptyBodySchema,
  scheduleDraftBodySchema,
} from "./requests.js";
import { unknownNotebook } from "./notes.js";
import { audit, notAudited } from "./env.js";
import { byOf } from "./permission.js";
import { route } from "./route.js";

const noSchedule = { 404: "There is no such notebook, or it has no schedule." };
const noBackfill = { 404: "There is no such backfill." };

/** When runs start by themselves. */
export const scheduleRoutes = [
  route({
    method: "get",
    path: "/api/schedules",
    needs: "read",
    summary: "Every schedule: next times, what waits and why, what was missed",
    success: [200, "By name of the notebook.", scheduleListSchema],
    answer: async ({ services: { schedules } }) => ({ schedules: await schedules.list() }),
  }),
  route({
    method: "get",
    path: "/api/notebooks/{name}/schedule",
    needs: "read",
    summary: "The schedule of a notebook",
    success: [200, "Next times, what waits and why, what was missed.", scheduleViewSchema],
    errors: noSchedule,
    answer: ({ services: { schedules }, params }) => schedules.view(params.name),
  }),
  route({
    method: "post",
    path: "/api/notebooks/{name}/schedule/draft",
    needs: "edit",
    summary: "The notebook's text with another schedule, and what would be refused",
    body: scheduleDraftBodySchema,
    success: [200, "The text; save it with PUT and the etag.", scheduleDraftSchema],
    errors: unknownNotebook,
    answer: async ({ services: { notebooks }, params, body: { settings } }) => {
      const { text, etag } = await notebooks.read(params.name);
      return { ...draftSchedule(text, settings, Date.now()), etag };
    },
  }),
  route({
    method: "post",
    path: "/api/notebooks/{name}/schedule/pause",
    needs: "run",
    audit: "pause schedule",
    summary: "Begin nothing until it is resumed",
    body: emptyBodySchema,
    success: [200, "The schedule as it is now.", scheduleViewSchema],
    errors: noSchedule,
    answer: ({ services: { schedules }, params }) => schedules.pause(params.name, true),
  }),
  route({
    method: "post",
    path: "/api/notebooks/{name}/schedule/resume",
    needs: "run",
    audit: "resume schedule",
    summary: "Go on; catch_up says what is made up for",
    body: emptyBodySchema,
    success: [200, "The schedule as it is now.", scheduleViewSchema],
    errors: noSchedule,
    answer: ({ services: { schedules }, params }) => schedules.pause(params.name, false),
  }),
  route({
    method: "post",
    path: "/api/notebooks/{name}/schedule/run",
    needs: "run",
    audit: "run",
    summary: "Begin the date that waits, or today's, at once",
    body: emptyBodySchema,
    success: [202, "The run has begun.", startedRunSchema],
    errors: { ...noSchedule, 422: "The notebook has errors." },
    answer: async ({ services: { schedules }, params, c }) => {
      const { id } = await schedules.runNow(params.name, byOf(c));
      audit(c, { run: id });
      return { id };
    },
  }),
  route({
    method: "get",
    path: "/api/notebooks/{name}/calendar",
    needs: "read",
    summary: "Run dates by outcome: those that were run, and those of the schedule",
    query: calendarQuerySchema,
    success: [200, "One entry for each date, in order.", calendarSchema],
    errors: { 404: "There is no such notebook." },
    answer: async ({ services, params, query }) => ({
      dates: await calendarOf(services, params.name, query),
    }),
  }),
  route({
    method: "post",
    path: "/api/notebooks/{name}/backfills",
    needs: "run",
    audit: "backfill",
    summary: "Run the schedule's dates of a range, in order",
    description: "With dryRun it only lists them. Progress is told by GET /api/backfills/{id}.",
    body: backfillBodySchema,
    success: [200, "The dates, and what becomes of each.", backfillPlanSchema],
    errors: { 404: "There is no such notebook.", 409: "A backfill of that notebook runs." },
    answer: async ({ services: { backfills, notebooks }, params, body: { dryRun, ...range }, c }) => {
      const { name: notebook } = await notebooks.read(params.name);
      const request = { notebook, ...range };
      if (dryRun) return notAudited(c, { dates: await backfills.plan(request) });
      const backfill = await backfills.start({ ...request, by: byOf(c) });
      audit(c, { backfill: backfill.id, fromDate: range.from, toDate: range.to, mode: range.mode });
      return backfill;
    },
  }),
  route({
    method: "get",
    path: "/api/backfills",
    needs: "read",
    summary: "Backfills, the newest first",
    success: [200, "The last fifty.", backfillListSchema],
    answer: async ({ services: { backfills } }) => ({ backfills: await backfills.list() }),
  }),
  route({
    method: "get",
    path: "/api/backfills/{id}",
    needs: "read",
    summary: "A backfill, date by date",
    success: [200, "What became of each date so far.", backfillViewSchema],
    errors: noBackfill,
    answer: ({ services: { backfills }, params }) => backfills.view(params.id),
  }),
  route({
    method: "post",
    path: "/api/backfills/{id}/cancel",
    needs: "run",
    audit: "cancel backfill",
    summary: "Cancel the date that runs, and leave the others out",
    body: emptyBodySchema,
    success: [200, "What became of each date.", backfillViewSchema],
    errors: noBackfill,
    answer: ({ services: { backfills }, params, c }) => {
      audit(c, { backfill: params.id });
      return backfills.cancel(params.id);
    },
  }),
] as const;
