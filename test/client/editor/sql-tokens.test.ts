import { describe, expect, test } from "vitest";
import { tokenize, tokenizeLine } from "../../../client/editor/sql-tokens.js";

function kinds(text: string): readonly string[] {
  return tokenize(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

describe("tokenize", () => {
  test.each([
    ["SELECT a.b", ["word SELECT", "word a", "symbol .", "word b"]],
    ["x::INT", ["word x", "symbol ::", "word INT"]],
    ["'it''s' x", ["string 'it''s'", "word x"]],
    ["E'a\\'b' x", ["string E'a\\'b'", "word x"]],
    ["'a\\' x", ["string 'a\\'", "word x"]],
    ['"a ""b""" x', ['quoted "a ""b"""', "word x"]],
    ["$run_date $1 ? ?2", ["parameter $run_date", "parameter $1", "parameter ?", "parameter ?2"]],
    ["$$ it's $$ x", ["string $$ it's $$", "word x"]],
    ["$t$ $$ $t$ x", ["string $t$ $$ $t$", "word x"]],
    ["1.5e-3 .5 1_000 1..2", ["number 1.5e-3", "number .5", "number 1_000", "number 1.", "number .2"]],
    ["a -- b 'c\nd", ["word a", "comment -- b 'c", "word d"]],
    ["--| cell: x\nd", ["option --| cell: x", "word d"]],
    ["/* a /* b */ c */ d", ["comment /* a /* b */ c */", "word d"]],
    ["größe😀 x", ["word größe😀", "word x"]],
    ["a<>b||c->d", ["word a", "symbol <>", "word b", "symbol ||", "word c", "symbol ->", "word d"]],
  ])("reads %j", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  test.each(["'abc", '"abc', "$$abc", "/* abc", "E'abc\\"])("tells that %j is not closed", (text) => {
    expect(tokenize(text)).toMatchObject([{ isClosed: false, end: text.length }]);
  });

  test("gives the value without quotes", () => {
    expect(tokenize(`'it''s' "a""b" $name`).map(({ value }) => value)).toEqual(["it's", 'a"b', "name"]);
  });

  test("covers everything but white space, whatever the text", () => {
    const text = "@#%^& ~`\\ \u0000 'x\n$$ /* \"";
    const covered = tokenize(text).reduce((length, { start, end }) => length + end - start, 0);
    expect(covered).toBeGreaterThan(0);
    expect(
      tokenize(text).every(({ start, end }, at, all) => start < end && start >= (all[at - 1]?.end ?? 0)),
    ).toBe(true);
  });
});

describe("tokenizeLine", () => {
  test.each([
    ["/* a\nb /* c\nd */ e */ f", ["/*", "/*/*", ""]],
    ["'a\nb' c", ["'", ""]],
    ["E'a\\'\nb' c", ["E'", ""]],
    ['"a\nb" c', ['"', ""]],
    ["$tag$ a\n$$\n$tag$ c", ["$tag$", "$tag$", ""]],
  ])("carries what is open over the lines of %j", (text, expected) => {
    const states: string[] = [];
    for (const line of text.split("\n")) states.push(tokenizeLine(line, states.at(-1) ?? "").open);
    expect(states).toEqual(expected);
  });
});
