import { Readable } from "node:stream";
import { streamBackup } from "../operate/backup/write-backup.js";
import { ownVersion } from "./own-version.js";
import { backupQuerySchema } from "./requests.js";
import { route } from "./route.js";

export const backupRoutes = [
  route({
    method: "get",
    path: "/api/backup",
    needs: "keep",
    audit: "back up",
    summary: "The workspace as one archive, as of now: what lakebook backup writes",
    description:
      "A tar archive with private state. It is whole only where its last entry is backup.json: who takes it checks that.",
    query: backupQuerySchema,
    success: [200, "The archive."],
    type: "application/x-tar",
    answer: async ({ services: { lake, workspace }, query, c }) => {
      const stream = streamBackup({
        lake,
        workspace,
        hasInput: query.input,
        version: await ownVersion(),
      });
      return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
        "content-type": "application/x-tar",
        "content-disposition": 'attachment; filename="lakebook.tar"',
      });
    },
  }),
] as const;
