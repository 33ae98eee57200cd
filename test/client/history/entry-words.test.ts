import { describe, expect, test } from "vitest";
import { byDay, changedWords, entryWords, timesOf } from "../../../client/history/entry-words.js";
import type { HistoryEntry } from "../../../server/api/protocol.js";

const entry = (more: Partial<HistoryEntry>): HistoryEntry => ({
  id: "e",
  kind: "save",
  at: "2026-11-01T12:00:00.000Z",
  etag: "x",
  ...more,
});
const nobody = (): undefined => undefined;
const everybody = (by: string): string => by;

describe("a text that a notebook had", () => {
  test.each([
    [{ by: "eva" }, "saved by eva"],
    [{ by: "eva", count: 2 }, "saved twice by eva"],
    [{ by: "eva", count: 12 }, "saved 12 times by eva"],
    [{ by: "schedule", kind: "run" }, "ran by schedule"],
    [{ by: "eva", restored: "d" }, "restored by eva"],
    [{}, "written by another program"],
  ] as const)("%j is told as %j", (more, words) => {
    expect(entryWords(entry(more), everybody)).toBe(words);
  });

  test("names nobody where that tells nothing", () => {
    expect(entryWords(entry({ by: "owner", kind: "run" }), nobody)).toBe("ran");
  });

  test("stands under its day, the newest first", () => {
    const at = (day: number): HistoryEntry => entry({ at: `2026-11-0${String(day)}T12:00:00.000Z` });
    const days = byDay([at(3), at(3), at(1)]);
    expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
      ["Tuesday, 3 November 2026", 2],
      ["Sunday, 1 November 2026", 1],
    ]);
  });
});

describe("the times of a list", () => {
  test("have seconds where two are of one minute", () => {
    const times = timesOf([
      { id: "a", at: "2026-11-01T12:00:05.000Z" },
      { id: "b", at: "2026-11-01T12:00:01.000Z" },
      { id: "c", at: "2026-10-01T12:00:01.000Z" },
    ]);
    expect([...times.values()].map((time) => time.split(":").length)).toEqual([3, 3, 2]);
  });
});

describe("what a text changed", () => {
  test("is told by cells and lines", () => {
    expect(
      changedWords([
        { cell: "sums", before: "a\nb\nc", after: "a\nx\nb\ny\n" },
        { cell: "old", before: "a" },
        { cell: "fresh", after: "a" },
      ]),
    ).toBe("sums +2 −1, old is gone, fresh is new");
    expect(changedWords([{ cell: null, before: "a", after: "a\nb" }])).toBe("text +1");
  });

  test("names the first of many", () => {
    const changes = ["a", "b", "c", "d", "e"].map((cell) => ({ cell, after: "x" }));
    expect(changedWords(changes)).toBe("a is new, b is new, c is new and 2 more");
  });
});
