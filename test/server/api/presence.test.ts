import { expect, test } from "vitest";
import { Presence, type Present } from "../../../server/api/presence.js";

function setUp() {
  const told: (readonly Present[])[] = [];
  return { told, presence: new Presence((_notebook, people) => void told.push(people)) };
}

test("whoever opens a notebook, moves in it and leaves it is told to all", () => {
  const { told, presence } = setUp();
  const leave = presence.join("sales", { page: "page-one", name: "ana" });
  presence.join("sales", { page: "page-two", name: "ben" });
  expect(presence.move("sales", { page: "page-two", name: "ben", cell: "orders" })).toBe(true);
  presence.move("sales", { page: "page-two", name: "ben", cell: "orders" });
  leave();
  expect(told.map((people) => people.map(({ name, cell }) => [name, cell]))).toEqual([
    [["ana", undefined]],
    [
      ["ana", undefined],
      ["ben", undefined],
    ],
    [
      ["ana", undefined],
      ["ben", "orders"],
    ],
    [["ben", "orders"]],
  ]);
});

test("a page that connects again keeps its place, whichever connection ends first", () => {
  const { presence } = setUp();
  const first = presence.join("sales", { page: "page-one", name: "ana" });
  presence.move("sales", { page: "page-one", name: "ana", cell: "orders" });
  const second = presence.join("sales", { page: "page-one", name: "ana" });
  first();
  expect(presence.of("sales")).toEqual([{ page: "page-one", name: "ana", cell: "orders" }]);
  second();
  expect(presence.of("sales")).toEqual([]);
});

test("nobody moves somebody else's page, or one that is not there", () => {
  const { presence } = setUp();
  presence.join("sales", { page: "page-one", name: "ana" });
  expect(presence.move("sales", { page: "page-one", name: "eve", cell: "orders" })).toBe(false);
  expect(presence.move("sales", { page: "page-two", name: "ana" })).toBe(false);
  expect(presence.move("other", { page: "page-one", name: "ana" })).toBe(false);
});

test("nobody takes the place of somebody else's page by calling the own one the same", () => {
  const { presence } = setUp();
  presence.join("sales", { page: "page-one", name: "ana" });
  const leave = presence.join("sales", { page: "page-one", name: "eve" });
  expect(presence.move("sales", { page: "page-one", name: "eve", cell: "orders" })).toBe(true);
  expect(presence.of("sales")).toContainEqual({ page: "page-one", name: "ana" });
  leave();
  expect(presence.of("sales")).toEqual([{ page: "page-one", name: "ana" }]);
});

test("more pages than can be shown are left out, and of one person before those of others", () => {
  const { presence } = setUp();
  for (let n = 0; n < 110; n++) presence.join("sales", { page: `page-${String(n)}`, name: "eve" });
  presence.join("sales", { page: "page-one", name: "ana" });
  expect(presence.of("sales").map(({ name }) => name)).toEqual([...Array<string>(20).fill("eve"), "ana"]);
  for (let n = 0; n < 150; n++) presence.join("sales", { page: "page-one", name: `user${String(n)}` });
  expect(presence.of("sales")).toHaveLength(100);
});
