import { describe, expect, test } from "vitest";
import { tokenizeLine, tokenizeSql } from "../../../server/text/sql-tokens.js";

function kinds(text: string): readonly string[] {
  return tokenizeSql(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

describe("tokenizeSql", () => {
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
    ["a -- $x\nb", ["word a", "comment -- $x", "word b"]],
    ["/* a /* b */ $c */ d", ["comment /* a /* b */ $c */", "word d"]],
    ["'it''s $x' $y", ["string 'it''s $x'", "parameter $y"]],
    ["E'\\'$x' 1", ["string E'\\'$x'", "number 1"]],
    ["$$ $x ' $$", ["string $$ $x ' $$"]],
    ["$t$ $x $t$", ["string $t$ $x $t$"]],
    ['"a""$b"', ['quoted "a""$b"']],
    ["$town::DATE", ["parameter $town", "symbol ::", "word DATE"]],
    ["1e3+.5", ["number 1e3", "symbol +", "number .5"]],
    ["'open", ["string 'open"]],
    ['$"x y" $ b', ['parameter $"x y"', "parameter $", "word b"]],
    ["a--b\rc", ["word a", "comment --b", "word c"]],
    ["E'a' -- c\n'b\\'' x'0'", ["string E'a'", "comment -- c", "string 'b\\''", "string x'0'"]],
    ["a\u00a0b\ufeffc", ["word a", "word b", "word c"]],
    ["0x1F 1e_", ["number 0x1F", "number 1", "word e_"]],
    ["a<>b||c->d", ["word a", "symbol <>", "word b", "symbol ||", "word c", "symbol ->", "word d"]],
  ])("reads %j", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  test.each(["'abc", '"abc', "$$abc", "/* abc", "E'abc\\"])("tells that %j is not closed", (text) => {
    expect(tokenizeSql(text)).toMatchObject([{ isClosed: false, end: text.length }]);
  });

  test("gives the value without quotes", () => {
    expect(tokenizeSql(`'it''s' "a""b" $name`).map(({ value }) => value)).toEqual(["it's", 'a"b', "name"]);
  });

  test("covers everything but white space, whatever the text", () => {
    const text = "@#%^& ~`\\ \u0000 'x\n$$ /* \"";
    const covered = tokenizeSql(text).reduce((length, { start, end }) => length + end - start, 0);
    expect(covered).toBeGreaterThan(0);
    expect(
      tokenizeSql(text).every(({ start, end }, at, all) => start < end && start >= (all[at - 1]?.end ?? 0)),
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
