import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ProposalStore } from "../../../server/workspace/proposals.js";

test("cells of a proposal that are settled at the same moment are all settled", async () => {
  const state = await mkdtemp(join(tmpdir(), "lakebook-proposals-"));
  onTestFinished(() => rm(state, { recursive: true }));
  const names = ["a", "b", "c", "d"];
  const cells = names.map((cell) => ({ cell, before: "", after: "" }));
  const given = { notebook: "sales", etag: "1", by: "ana", reason: "why", cells };
  const { id } = await new ProposalStore(state).create(given);
  await Promise.all(names.slice(1).map((cell) => new ProposalStore(state).settle("sales", id, cell)));
  expect((await new ProposalStore(state).list("sales")).map((proposal) => proposal.cells.length)).toEqual([
    1,
  ]);
});
