import { chartColorsCss } from "../chart/chart-colors.js";

/** The look of the product's pages, in one style sheet without a font or an image of its own. */
export const htmlStyle = `
:root { color-scheme: light dark;
  --page: light-dark(#fbfbf9, #14181b); --surface: light-dark(#fff, #1a1f23); --sunken: light-dark(#f3f4f2, #0f1214);
  --line: light-dark(#e6e8e6, #293036); --line-strong: light-dark(#cbd1d1, #414b53);
  --text: light-dark(#1e262b, #e3e8eb); --muted: light-dark(#535f67, #a5b0b7); --faint: light-dark(#626d75, #8b969e);
  --accent: light-dark(#14658a, #6cb8dc); --ok: light-dark(#26774a, #63c08c); --stale: light-dark(#8a5a00, #dda94a);
  --failed: light-dark(#ba2f2a, #f28b82);
  --raised: var(--surface);
  ${chartColorsCss}
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 3rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 0.9375rem/1.65 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word; }
a { color: var(--accent); text-underline-offset: 0.15em; }
h1, h2, h3, h4 { line-height: 1.25; font-weight: 600; margin: 2rem 0 0.5rem; text-wrap: balance; }
h1 { font-size: 1.875rem; } h2 { font-size: 1.375rem; } h3 { font-size: 1.0625rem; } h4 { font-size: 0.9375rem; }
body > header h1 { margin: 0; }
body > header p { margin: 0.35rem 0 0; color: var(--muted); }
.prose, body > header p { max-width: 42rem; }
.prose code, .prose pre { font-family: var(--mono); font-size: 0.8125rem; }
.prose :not(pre) > code { background: var(--sunken); padding: 0.1em 0.3em; border-radius: 3px; }
.prose img { max-width: 100%; }
.prose blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line-strong); color: var(--muted); }
.prose table { border-collapse: collapse; } .prose :is(td, th) { padding: 0.2rem 0.6rem; border: 1px solid var(--line); }
pre { margin: 0; padding: 0.75rem 1rem; overflow-x: auto; font: 0.8125rem/1.55 var(--mono); background: var(--sunken);
  border-radius: 5px; tab-size: 2; }
.cell { margin: 1.25rem 0; border: 1px solid var(--line); border-radius: 8px; background: var(--surface);
  overflow: hidden; }
.cell > header { display: flex; flex-wrap: wrap; gap: 0.15rem 0.75rem; align-items: baseline; padding: 0.45rem 1rem;
  font-size: 0.8125rem; color: var(--muted); }
.cell > header b { font: 600 0.8125rem/1.4 var(--mono); color: var(--text); }
.cell > header .tag { font-size: 0.6875rem; border: 1px solid var(--line-strong); border-radius: 3px; padding: 0 0.3rem; }
.cell > header .status { margin-left: auto; }
.cell > p { margin: 0 1rem 0.5rem; font-size: 0.8125rem; color: var(--muted); }
.cell > p.problem { color: var(--failed); }
.cell pre { border-radius: 0; border-top: 1px solid var(--line); }
.cell details summary { cursor: pointer; padding: 0.35rem 1rem; font-size: 0.75rem; color: var(--muted);
  border-top: 1px solid var(--line); }
.succeeded, .reused, .pass { color: var(--ok); } .failed, .blocked, .fail, .error, .check-failed { color: var(--failed); }
.warn, .outdated, .check-warned { color: var(--stale); }
.k { color: light-dark(#7a3e9d, #c79be0); } .s { color: light-dark(#24725a, #7cc7a8); } .n { color: light-dark(#9a5200, #e0a868); }
.c { color: var(--faint); font-style: italic; } .p { color: var(--accent); font-weight: 600; }
.table { max-height: 26rem; overflow: auto; border-top: 1px solid var(--line); }
.table table { border-collapse: separate; border-spacing: 0; font: 0.75rem/1.45 var(--mono); min-width: 100%; }
.table th { position: sticky; top: 0; background: var(--surface); text-align: left; font-weight: 600;
  border-bottom: 1px solid var(--line-strong); white-space: nowrap; }
.table th small { display: block; font-weight: 400; color: var(--faint); }
.table :is(td, th) { padding: 0.2rem 0.75rem; vertical-align: top; }
.table td { border-bottom: 1px solid var(--line); max-width: 28rem; white-space: pre; overflow: hidden;
  text-overflow: ellipsis; }
.table tr::after { content: ""; display: table-cell; width: 100%; border-bottom: 1px solid var(--line); }
.table .number { text-align: right; font-variant-numeric: tabular-nums; }
.table .null { color: var(--faint); font-style: italic; }
.cell > footer { padding: 0.35rem 1rem; font-size: 0.75rem; color: var(--muted); border-top: 1px solid var(--line); }
figure { margin: 0; padding: 0.75rem 1rem; border-top: 1px solid var(--line); }
figure h3 { margin: 0; font-size: 0.9375rem; }
figure p, figcaption, .legend { margin: 0.15rem 0 0; font-size: 0.75rem; color: var(--muted); }
figure .note { padding: 2rem 1rem; border-radius: 5px; background: var(--sunken); text-align: center; }
.legend i.line { height: 3px; border-radius: 2px; }
.legend, .legend ul { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: center; }
.legend ul { margin: 0; padding: 0; list-style: none; color: var(--text); }
.legend li { display: flex; gap: 0.4rem; align-items: center; min-width: 0; overflow-wrap: anywhere; }
.legend i { flex: none; width: 10px; height: 10px; border-radius: 2px; }
.legend.ramp ul { gap: 0; } .legend.ramp li { flex-direction: column; align-items: stretch; gap: 1px; min-width: 44px;
  text-align: center; }
.legend.ramp i { width: auto; border-radius: 0; }
.drawing { margin-top: 0.5rem; overflow-x: auto; color: var(--text); }
.drawing svg { width: 100%; min-width: 40rem; }
.graph-box { overflow-x: auto; padding: 0.5rem 0; }
svg { display: block; max-width: none; height: auto; }
.graph text { font: 11px/1 var(--mono); fill: currentColor; }
.graph path { fill: none; stroke: var(--line-strong); stroke-width: 1.3; }
.graph rect { fill: var(--surface); stroke: var(--line-strong); }
.graph .check-failed rect { stroke: var(--failed); } .graph .check-warned rect { stroke: var(--stale); }
.graph .check rect { stroke-dasharray: 4 3; } .graph :is(.chart, .input) rect { fill: var(--sunken); }
.checks { list-style: none; margin: 0; padding: 0; font-size: 0.8125rem; }
.checks li { padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
.checks code, .checks b { font-family: var(--mono); }
body > footer { margin-top: 3rem; padding-top: 0.75rem; border-top: 1px solid var(--line); font-size: 0.75rem;
  color: var(--muted); }
@media print { .table { max-height: none; } .drawing svg { min-width: 0; } body { max-width: none; padding: 0; } }
`;
