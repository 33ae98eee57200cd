import { planRollback } from "../lake/rollback.js";
import { describeVersions } from "../runs/version-listing.js";
import {
  datasetDiffSchema,
  rollbackSchema,
  tagListSchema,
  tagViewSchema,
  versionListSchema,
} from "./answers.js";
import { placesQuerySchema, rollbackBodySchema, tagBodySchema, versionsQuerySchema } from "./requests.js";
import { computed, cutNote } from "./notes.js";
import { diffPlaces } from "../rows/diff-places.js";
import { audit, notAudited } from "./env.js";
import { byOf } from "./permission.js";
import { route } from "./route.js";
import { listTags, toTagView } from "../runs/tag-listing.js";

const DIFF_TIMEOUT_MS = 10 * 60_000;

const unpublished = { 404: "The notebook has published nothing of that for the date." };

/** What was published before, and how to show it again. */
export const timeTravelRoutes = [
  route({
    method: "get",
    path: "/api/lake/versions",
    needs: "read",
    summary: "Every version that was ever published, as lakebook.versions has it",
    query: versionsQuerySchema,
    success: [200, "In the order of the log.", versionListSchema],
    answer: ({ services: { lake }, query }) => ({
      versions: describeVersions(lake, { ...query, runDate: query.date }),
    }),
  }),

  route({
    method: "post",
    path: "/api/lake/rollback",
    needs: "keep",
    audit: "roll back",
    summary: "Publish an earlier publication of a notebook and date again",
    description: "A new entry of the log; no data is copied. With dryRun it only says what would happen.",
    body: rollbackBodySchema,
    success: [200, "What the date shows then.", rollbackSchema],
    errors: {
      404: "There is no such publication.",
      409: "A run is about to publish there, or vacuum removed what would be shown.",
    },
    answer: async ({ services: { lake, manager }, body: { dryRun, ...request }, c }) => {
      if (dryRun) return notAudited(c, planRollback(lake, request));
      const rollback = await manager.rollBack({ ...request, by: byOf(c) });
      const { notebook, date, to, number } = rollback;
      audit(c, { notebook, date, to, number });
      return rollback;
    },
  }),

  route({
    method: "get",
    path: "/api/lake/diff",
    needs: "read",
    summary: "Compare a dataset at two places: run dates, publications, tags, the draft",
    description:
      "Rows are matched by the key, or by what the query groups by, or by columns that are found to be unique on both " +
      "sides; otherwise whole rows are compared. At most 100 examples of each kind, of numbers the 5 of each column that " +
      `moved farthest. ${cutNote}`,
    query: placesQuerySchema,
    success: [200, "Counts, columns and examples, old and new.", datasetDiffSchema],
    errors: { ...computed, 404: "There is no such dataset or place." },
    answer: ({ services, query, signal }) =>
      diffPlaces(services, query, { label: query.dataset, signal, timeoutMs: DIFF_TIMEOUT_MS }),
  }),

  route({
    method: "get",
    path: "/api/lake/tags",
    needs: "read",
    summary: "Names of publications, which vacuum keeps",
    success: [200, "By notebook and name.", tagListSchema],
    answer: ({ services: { lake } }) => ({ tags: listTags(lake) }),
  }),

  route({
    method: "post",
    path: "/api/lake/tags",
    needs: "run",
    audit: "tag",
    summary: "Name what a notebook has published for a date now",
    body: tagBodySchema,
    success: [200, "The tag.", tagViewSchema],
    errors: { ...unpublished, 409: "The name is taken." },
    answer: async ({ services: { lake, manager }, body, c }) => {
      audit(c, body);
      const tag = await lake.tag(body);
      manager.tellLake(body.notebook);
      return toTagView(lake, tag);
    },
  }),

  route({
    method: "post",
    path: "/api/lake/tags/delete",
    needs: "run",
    audit: "remove tag",
    summary: "Take a name back",
    body: tagBodySchema,
    success: [200, "The tag that was.", tagViewSchema],
    errors: { 404: "There is no such tag." },
    answer: async ({ services: { lake, manager }, body, c }) => {
      audit(c, body);
      const tag = await lake.untag(body);
      manager.tellLake(body.notebook);
      return toTagView(lake, tag);
    },
  }),
] as const;
