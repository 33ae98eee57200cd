import { join } from "node:path";
import { z } from "zod";
import { maybeReadText, replaceFile } from "../base/durable.js";
import {
  deliverySchema,
  LAKE_FORMAT,
  pastPublicationSchema,
  publishEntrySchema,
  storeEntrySchema,
  tagSchema,
} from "./model.js";
import { seal, unseal } from "./sealed.js";
import type { FoldedState } from "./state.js";

/**
 * The folded log up to some entry, so that a lake with many entries opens without reading them all. It can
 * be deleted at any time: whatever is wrong with it, it is ignored and written anew.
 */
const checkpointSchema = z.object({
  format: z.literal(LAKE_FORMAT),
  /** SHA-256 of the last folded entry's file: the checkpoint is of this log and no other. */
  lastEntry: z.string(),
  state: z.object({
    seq: z.number(),
    stores: z.array(storeEntrySchema),
    history: z.array(pastPublicationSchema),
    current: z.array(publishEntrySchema),
    expired: z.array(z.string()),
    /** Absent where an earlier Lakebook wrote it, which knew none. */
    tags: z.array(tagSchema).default([]),
    retired: z.array(deliverySchema.extend({ notebook: z.string() })).default([]),
  }),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

const FILE = "checkpoint.json";

export function checkpointFile(logFolder: string): string {
  return join(logFolder, FILE);
}

/** Returns undefined where there is none or it cannot be trusted. */
export async function readCheckpoint(logFolder: string): Promise<Checkpoint | undefined> {
  const text = await maybeReadText(checkpointFile(logFolder));
  if (text === undefined) return undefined;
  return checkpointSchema.safeParse(unseal("checkpoint", text)).data;
}

export async function writeCheckpoint(
  logFolder: string,
  content: { readonly lastEntry: string; readonly state: FoldedState },
  temporaryFolder: string,
): Promise<void> {
  const text = seal("checkpoint", { format: LAKE_FORMAT, ...content });
  await replaceFile(checkpointFile(logFolder), text, { temporaryFolder });
}
