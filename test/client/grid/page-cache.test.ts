import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { GridPage, GridSource } from "../../../client/grid/grid-source.js";
import { PAGE_ROWS, PageCache } from "../../../client/grid/page-cache.js";

interface Request {
  readonly offset: number;
  readonly limit: number;
  readonly signal: AbortSignal;
  answer(): Promise<void>;
  fail(): Promise<void>;
}

/** A source that answers when it is told to. */
function source(totalRows = 1_000_000): GridSource & { readonly requests: Request[] } {
  const requests: Request[] = [];
  return {
    columns: [{ name: "n", type: "BIGINT", kind: "integer" }],
    totalRows,
    requests,
    fetchRows: (offset, limit, { signal }) =>
      new Promise<GridPage>((resolve, reject) => {
        const rows = Array.from({ length: limit }, (_, index) => [offset + index]);
        const settled = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
        requests.push({
          offset,
          limit,
          signal,
          answer: () => (resolve({ rows, totalRows }), settled()),
          fail: () => (reject(new Error("gone")), settled()),
        });
      }),
  };
}

/** Returns the pages that were asked for. */
function pagesOf({ requests }: { readonly requests: readonly Request[] }): number[] {
  return requests.map(({ offset }) => offset / PAGE_ROWS);
}

const quiet = () => vi.advanceTimersByTimeAsync(40);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("PageCache", () => {
  test("asks for the first page at once", () => {
    const rows = source();
    new PageCache(rows).want(0, 30);
    expect(pagesOf(rows)).toEqual([0]);
  });

  test("asks only for the last three pages that were wanted, once it is quiet", async () => {
    const rows = source();
    const cache = new PageCache(rows);
    cache.want(0, 30);
    await rows.requests[0]?.answer();
    for (let page = 10; page < 20; page++) {
      cache.want(page * PAGE_ROWS, page * PAGE_ROWS + 30);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(pagesOf(rows)).toEqual([0]);
    await quiet();
    expect(pagesOf(rows)).toEqual([0, 19, 18, 17]);
  });

  test("has no more than three requests under way", async () => {
    const rows = source();
    const cache = new PageCache(rows);
    cache.want(0, 30);
    await rows.requests[0]?.answer();
    cache.want(2_000, 2_500);
    await quiet();
    cache.want(9_000, 9_500);
    await quiet();
    expect(pagesOf(rows)).toEqual([0, 12, 11, 10]);
    await rows.requests[1]?.answer();
    await quiet();
    expect(pagesOf(rows)).toEqual([0, 12, 11, 10, 47]);
  });

  test("fetches both pages of a view that crosses their border", async () => {
    const rows = source();
    const cache = new PageCache(rows);
    cache.want(190, 220);
    await quiet();
    expect(pagesOf(rows).sort()).toEqual([0, 1]);
    await rows.requests[0]?.answer();
    await rows.requests[1]?.answer();
    expect(cache.peek(199, 200)).toEqual([[199], [200]]);
  });

  test("keeps the sixty pages that were used last", async () => {
    const rows = source();
    const cache = new PageCache(rows);
    for (let page = 0; page < 61; page++) {
      cache.want(page * PAGE_ROWS, page * PAGE_ROWS);
      cache.want(0, 0);
      await quiet();
      for (const request of rows.requests) await request.answer();
    }
    expect(cache.row(0)).toEqual([0]);
    expect(cache.row(PAGE_ROWS)).toBeUndefined();
    expect(cache.row(60 * PAGE_ROWS)).toEqual([60 * PAGE_ROWS]);
  });

  test("ignores an answer that comes after it was closed", async () => {
    const rows = source();
    const onChange = vi.fn();
    const cache = new PageCache(rows, undefined, onChange);
    cache.want(0, 30);
    cache.close();
    expect(rows.requests[0]?.signal.aborted).toBe(true);
    await rows.requests[0]?.answer();
    expect(cache.row(0)).toBeUndefined();
    expect(onChange).not.toHaveBeenCalled();
  });

  test("tells of a failure, and asks again only when told", async () => {
    const rows = source();
    const cache = new PageCache(rows);
    cache.want(0, 30);
    await rows.requests[0]?.fail();
    expect(cache.failure?.message).toBe("gone");
    await quiet();
    expect(rows.requests).toHaveLength(1);
    cache.retry();
    await rows.requests[1]?.answer();
    expect(cache.failure).toBeNull();
    expect(cache.row(0)).toEqual([0]);
  });

  test("is ready without asking when there is nothing", () => {
    const rows = source(0);
    const cache = new PageCache(rows);
    cache.want(0, -1);
    expect(cache.isReady).toBe(true);
    expect(rows.requests).toEqual([]);
  });

  test("takes over how many rows a filter leaves", async () => {
    const few = { ...source(), fetchRows: () => Promise.resolve({ rows: [[1]], totalRows: 1 }) };
    const cache = new PageCache(few, { sort: null, filter: { search: "x", columns: [] } });
    cache.want(0, 30);
    await quiet();
    expect(cache.totalRows).toBe(1);
  });

  test("reads a range in pieces that a server answers", async () => {
    const rows = source();
    const reading = new PageCache(rows).read(0, 2_499);
    for (let piece = 0; piece < 3; piece++) await rows.requests[piece]?.answer();
    expect(await reading).toHaveLength(2_500);
    expect(rows.requests.map(({ limit }) => limit)).toEqual([1000, 1000, 500]);
  });
});
