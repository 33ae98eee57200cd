import { describe, expect, test } from "vitest";
import { renderHtml } from "../../../server/export/render-html.js";

const page = "https://evil.example/";
const prose = `
![a "picture" <b>](${page}1.png "title ${page}t.png") and ![by reference][ref] and ![][ref]

[![in a link](${page}2.png)](${page}3 "a title")

![data](data:image/svg+xml,<svg onload=alert(1)>) ![drawn](data:image/png;base64,AAAA) ![script](javascript:alert(1))

<img src="${page}4.png"> <svg><image href="${page}5.svg"/></svg> <style>a{background:url(${page}6.png)}</style>

<iframe src="${page}7"></iframe>

<link rel="stylesheet" href="${page}8.css">

<${page}9.png> [click](javascript:alert(1)) [vb](vbscript:x) [data](data:text/html,x)

[ref]: ${page}10.png
`;
const evil = `"><img src=${page}x.png> url(${page}y.png)`;

describe("an exported page", async () => {
  const html = await renderHtml(
    {
      format: 1,
      name: "n",
      title: evil,
      description: evil,
      createdAt: "2026-11-01T00:00:00Z",
      blocks: [
        { type: "prose", text: prose },
        {
          type: "cell",
          name: "drawn",
          kind: "chart",
          isDataset: false,
          description: evil,
          source: evil,
          outcome: "succeeded",
          reason: evil,
          error: evil,
          chart: {
            plot: {
              mark: "bar",
              base: "y",
              channels: { x: { scale: "nominal", label: evil }, y: { scale: "quantitative", label: evil } },
              title: evil,
              subtitle: evil,
              color: `url(${page}z.svg#a)`,
            },
            columns: [
              { name: "x", type: "VARCHAR", kind: "text" },
              { name: "y", type: "BIGINT", kind: "integer" },
            ],
            rows: [[evil, "1"]],
            caption: evil,
          },
        },
      ],
      graph: { cells: [{ name: evil, kind: "sql" }], edges: [] },
      checks: [{ name: evil, severity: "warn", outcome: "warn", failures: 1, message: evil }],
    },
    { rowLimit: 10 },
  );

  test("loads nothing from anywhere, whatever its texts say", () => {
    const tags = html.replace(/<style>.*?<\/style>/s, "").match(/<[a-z][^>]*>/gi) ?? [];
    const loading = tags.filter((tag) =>
      /^<(img|image|iframe|script|object|embed|link|base|video|audio|source|use)\b/i.test(tag),
    );
    expect(loading).toEqual(['<link rel="icon" href="data:,">']);
    const attributes = tags.flatMap((tag) => [
      ...tag.matchAll(/\s(src|srcset|poster|data|style|fill|stroke|background|xlink:href)="([^"]*)"/g),
    ]);
    expect(
      attributes
        .map(([, , value = ""]) => value)
        .filter((value) => /evil|url\((?!#)|^data:|:\/\//.test(value)),
    ).toEqual([]);
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? "";
    expect(style).not.toMatch(/url\(|@import/);
  });

  test("shows the words of a picture in its place, and no link that is none", () => {
    expect(html).toContain("<em>a &quot;picture&quot; &lt;b&gt;</em> and <em>by reference</em>");
    expect(html).toContain(
      `<a href="${page}3" title="a title" rel="noopener noreferrer nofollow"><em>in a link</em></a>`,
    );
    expect(html).not.toMatch(/href="(javascript|vbscript|data:text)/i);
  });
});

test("an exported page says at the cell and in the graph that a check of it failed", async () => {
  const cell = {
    type: "cell",
    kind: "sql",
    isDataset: true,
    source: "",
    outcome: "succeeded",
    rows: 5,
  } as const;
  const check = { failures: 2, message: "m" };
  const html = await renderHtml(
    {
      format: 1,
      name: "n",
      title: "n",
      createdAt: "2026-11-01T00:00:00Z",
      blocks: [
        { ...cell, name: "bad" },
        { ...cell, name: "odd" },
        { ...cell, name: "good" },
      ],
      graph: { cells: ["bad", "odd", "good"].map((name) => ({ name, kind: "sql" })), edges: [] },
      checks: [
        { ...check, name: "bad.unique", cell: "bad", severity: "error", outcome: "fail" },
        { ...check, name: "odd.unique", cell: "odd", severity: "warn", outcome: "warn" },
        { ...check, name: "good.unique", cell: "good", severity: "error", outcome: "pass" },
      ],
    },
    { rowLimit: 10 },
  );
  const statuses = [
    ...html.matchAll(/<span class="(status [^"]*)"[^>]*><svg class="sign"[^>]*>.*?<\/svg> ([^<]*)</g),
  ].map((match) => match.slice(1));
  expect(statuses).toEqual([
    ["status check-failed", "check failed: m · 5 rows"],
    ["status check-warned", "check warned: m · 5 rows"],
    ["status succeeded", "computed · 5 rows"],
  ]);
  expect(
    [...html.matchAll(/<g class="(node [^"]*)"><title>([^<]*)/g)].map((match) => match.slice(1)),
  ).toEqual([
    ["node sql check-failed", "bad: a check failed"],
    ["node sql check-warned", "odd: a check warned"],
    ["node sql", "good"],
  ]);
});
