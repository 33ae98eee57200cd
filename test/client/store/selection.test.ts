import { describe, expect, test } from "vitest";
import type { Block, NotebookDocument } from "../../../client/store/document.js";
import { keptSelection, neighbour } from "../../../client/store/selection.js";

function prose(id: string, source: string): Block {
  return { id, type: "prose", source };
}

function of(...blocks: readonly Block[]): NotebookDocument {
  return { head: "---\ntitle: T\n---\n", blocks };
}

describe("what is selected when another document is there", () => {
  const before = of(prose("a", "One.\n"), prose("b", "\nTwo.\n"), prose("c", "\nThree.\n"));

  test("is the same block, wherever it stands now", () => {
    expect(keptSelection(before, of(prose("c", "Three.\n\n"), prose("a", "One.\n")), "c")).toBe("c");
  });

  test("is the block in its place, where the server has read two as one", () => {
    expect(keptSelection(before, of(prose("x", "One.\n\nTwo.\n"), prose("c", "\nThree.\n")), "b")).toBe("x");
  });

  test("counts from where its text begins, not from the blank lines before it", () => {
    const now = of(prose("a", "One.\n\n"), prose("y", "Two.\n\nThree.\n"));
    expect(keptSelection(before, now, "b")).toBe("y");
  });

  test("is nothing where the document ends before it", () => {
    expect(keptSelection(before, of(prose("a", "One.\n")), "c")).toBeUndefined();
  });

  test("stays nothing, and stays while no document is there", () => {
    expect(keptSelection(before, before, undefined)).toBeUndefined();
    expect(keptSelection(undefined, before, "b")).toBe("b");
    expect(keptSelection(before, undefined, "b")).toBe("b");
  });
});

describe("the neighbour of a block", () => {
  const document = of(prose("a", "One.\n"), prose("blank", "\n\n"), prose("b", "Two.\n"));

  test("is the next one that is drawn", () => {
    expect(neighbour(document, "a", 1)?.id).toBe("b");
    expect(neighbour(document, "b", -1)?.id).toBe("a");
  });

  test("is the block itself at either end", () => {
    expect(neighbour(document, "b", 1)?.id).toBe("b");
    expect(neighbour(document, "a", -1)?.id).toBe("a");
  });

  test("of none is the first, and of an empty notebook none", () => {
    expect(neighbour(document, undefined, 1)?.id).toBe("a");
    expect(neighbour(document, undefined, -1)?.id).toBe("a");
    expect(neighbour(of(), undefined, 1)).toBeUndefined();
  });
});
