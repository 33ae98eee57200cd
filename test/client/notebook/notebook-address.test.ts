import { describe, expect, test } from "vitest";
import { chosenAddress, renamedAddress } from "../../../client/notebook/notebook-address.js";

describe("the address of a renamed notebook", () => {
  test("is followed with what is chosen once nothing waits to be saved", () => {
    expect(renamedAddress("old", { name: "shop/new", save: "saved" }, "city=VLC")).toBe(
      "#/notebooks/shop%2Fnew?city=VLC",
    );
  });

  test.each(["dirty", "saving", "conflict", "failed"] as const)("is not followed while it is %s", (save) => {
    expect(renamedAddress("old", { name: "new", save }, "")).toBeUndefined();
  });

  test("is no other one for a notebook that has its name still", () => {
    expect(renamedAddress("old", { name: "old", save: "saved" }, "city=VLC")).toBeUndefined();
  });
});

describe("the address of what is chosen", () => {
  test("keeps the cell that it names", () => {
    expect(chosenAddress("#/notebooks/n/orders?city=MAD", "n", "city=VLC")).toBe(
      "#/notebooks/n/orders?city=VLC",
    );
  });

  test("loses what is chosen no more", () => {
    expect(chosenAddress("#/notebooks/n?city=MAD", "n", "")).toBe("#/notebooks/n");
  });

  test("stays where it says so already", () => {
    expect(chosenAddress("#/notebooks/n?city=MAD", "n", "city=MAD")).toBeUndefined();
    expect(chosenAddress("#/notebooks/n", "n", "")).toBeUndefined();
  });

  test("is not this page's to change once another page or notebook is open", () => {
    expect(chosenAddress("#/lake", "n", "city=VLC")).toBeUndefined();
    expect(chosenAddress("#/notebooks/other", "n", "city=VLC")).toBeUndefined();
  });
});
