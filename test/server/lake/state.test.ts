import { describe, expect, test } from "vitest";
import type {
  ExpireEntry,
  LogEntry,
  PublishEntry,
  StoreEntry,
  TagEntry,
} from "../../../server/lake/model.js";
import { LakeState } from "../../../server/lake/state.js";

const base = { format: 1, at: "2026-11-01T06:00:00.000Z", notebook: "sales" };

function store(seq: number, dataset: string, version: string, fingerprint = version): StoreEntry {
  const hash = "0".repeat(64);
  return {
    ...base,
    seq,
    type: "store",
    dataset,
    version,
    fingerprint,
    rows: 1,
    bytes: 1,
    contentHash: hash,
    manifestSha256: hash,
  };
}

function published(
  seq: number,
  runDate: string,
  datasets: Record<string, string>,
  notebook = "sales",
): PublishEntry {
  const run = { run: "1", attempt: 1, inputs: [], record: {} };
  return { ...base, seq, type: "publish", txn: `t${seq}`, runDate, datasets, ...run, notebook };
}

function expired(
  seq: number,
  versions: ExpireEntry["versions"],
  publications: ExpireEntry["publications"] = [],
): ExpireEntry {
  return { format: 1, at: base.at, seq, type: "expire", versions, publications };
}

function tagged(seq: number, name: string, txn: string, isDeleted = false): TagEntry {
  return { ...base, format: 2, seq, type: "tag", runDate: "2026-11-01", name, txn, isDeleted };
}

const story: readonly LogEntry[] = [
  store(1, "orders", "v1", "f"),
  published(2, "2026-10-01", { orders: "v1" }),
  store(3, "orders", "v2", "f"),
  published(4, "2026-11-01", { orders: "v2" }),
  published(5, "2026-11-01", { orders: "v1" }, "other"),
  expired(
    6,
    [{ dataset: "orders", version: "v2" }],
    [{ notebook: "sales", runDate: "2026-11-01", txn: "t4" }],
  ),
  tagged(7, "kept", "t4"),
  tagged(8, "deleted", "t4"),
  tagged(9, "deleted", "t4", true),
];

describe("LakeState", () => {
  test("replaces a notebook's publication of a date by the later one, and keeps the history", () => {
    const state = LakeState.fold([published(1, "2026-10-01", {}), published(2, "2026-10-01", {})]);
    expect(state.publications().map((entry) => entry.txn)).toEqual(["t2"]);
    expect(state.history().map((entry) => entry.txn)).toEqual(["t1", "t2"]);
  });

  test("sorts publications by notebook and date", () => {
    const state = LakeState.fold([
      published(1, "2026-11-01", {}, "b"),
      published(2, "2026-11-01", {}, "a"),
      published(3, "2026-10-01", {}, "b"),
    ]);
    expect(state.publications().map((entry) => entry.txn)).toEqual(["t2", "t3", "t1"]);
  });

  test("lets the later commit hold where two notebooks publish one dataset for one date", () => {
    const state = LakeState.fold(story.slice(0, 5));
    expect(state.placementsOf("orders").map(({ runDate, version }) => [runDate, version])).toEqual([
      ["2026-10-01", "v1"],
      ["2026-11-01", "v1"],
    ]);
  });

  test("forgets expired versions and publications, not their history", () => {
    const state = LakeState.fold(story);
    expect(state.store("orders", "v2")).toBeUndefined();
    expect(state.storesOf("orders", "f").map((entry) => entry.version)).toEqual(["v1"]);
    expect(state.publication("sales", "2026-11-01")).toBeUndefined();
    expect(state.history()).toHaveLength(3);
    expect(() => state.storeOf("orders", "v2")).toThrow("removed by vacuum");
    expect(() => state.storeOf("orders", "v3")).toThrow("never stored");
  });

  test("numbers the publications of a notebook and run date, and keeps the numbers of those that expired", () => {
    const state = LakeState.fold([...story, published(10, "2026-11-01", { orders: "v1" })]);
    expect(state.publicationsOf("sales", "2026-11-01").map(({ txn }) => txn)).toEqual(["t4", "t10"]);
    expect(state.publicationsOf("other", "2026-11-01").map((past) => state.numberOf(past))).toEqual([1]);
  });

  test("knows the tags that were not deleted", () => {
    expect(LakeState.fold(story).tags()).toMatchObject([{ notebook: "sales", name: "kept", txn: "t4" }]);
    expect(LakeState.fold(story).tag("other", "kept")).toBeUndefined();
  });

  test("keeps a publication that replaced the one that was to expire", () => {
    const state = LakeState.fold([
      published(1, "2026-10-01", {}),
      published(2, "2026-10-01", {}),
      expired(3, [], [{ notebook: "sales", runDate: "2026-10-01", txn: "t1" }]),
    ]);
    expect(state.publication("sales", "2026-10-01")?.txn).toBe("t2");
  });

  test.each(story.map((entry) => entry.seq))(
    "folds the rest onto entry %i as if it had folded all",
    (seq) => {
      const checkpoint = LakeState.fold(story.slice(0, seq)).toFolded();
      const state = LakeState.fromFolded(JSON.parse(JSON.stringify(checkpoint)) as typeof checkpoint);
      for (const entry of story.slice(seq)) state.apply(entry);
      expect(state.toFolded()).toEqual(LakeState.fold(story).toFolded());
    },
  );

  test("takes no entry out of order", () => {
    expect(() => LakeState.fold([store(2, "orders", "v1")])).toThrow("cannot follow");
  });
});
