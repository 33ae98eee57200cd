import { css } from "lit";

export const dependencyGraphStyles = css`
  :host {
    --edge: light-dark(#a8b2b8, #4c5861);

    position: relative;
    display: block;
    min-width: 0;
    min-height: 8rem;
    overflow: hidden;
    color: var(--text);
    font: var(--size-xs) / 1.3 var(--font-text);
    font-variant-numeric: tabular-nums;
    -webkit-font-smoothing: antialiased;
  }

  svg.plane {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    cursor: grab;
    outline: none;
    touch-action: none;
    user-select: none;
  }

  svg.plane.moved {
    cursor: grabbing;
  }

  .edge {
    fill: none;
    stroke: var(--edge);
    stroke-width: 1.25;
    vector-effect: non-scaling-stroke;
  }

  .node {
    cursor: pointer;
  }

  .ground {
    fill: var(--surface);
    stroke: var(--line-strong);
    vector-effect: non-scaling-stroke;
  }

  .node:is(.file, .lake) .ground {
    fill: var(--sunken);
  }

  .node:is(.running, .queued) .ground {
    stroke: var(--status-running);
  }

  .node:is(.failed, .broken, .check-failed) .ground {
    fill: var(--status-failed-soft);
    stroke: var(--status-failed);
  }

  .node:is(.stale, .warned, .check-warned) .ground {
    stroke: var(--status-stale);
    stroke-dasharray: 4 3;
  }

  .node.blocked .ground {
    fill: var(--status-blocked-soft);
    stroke: var(--status-blocked);
  }

  .node.block:is(.succeeded, .reused, .passed) .ground {
    fill: var(--status-ok-soft);
    stroke: var(--status-ok);
  }

  .node.block:is(.stale, .warned, .check-warned) .ground {
    fill: var(--status-stale-soft);
  }

  .node.block:is(.running, .queued) .ground {
    fill: var(--status-running-soft);
  }

  .name {
    /* Letters as wide as they were counted, at any scale. */
    text-rendering: geometricPrecision;
    fill: var(--text);
    font-family: var(--font-mono);
    font-weight: 500;
    font-variant-ligatures: none;
  }

  .node:not(.sql) .name {
    fill: var(--text-muted);
  }

  .figures {
    fill: var(--text-muted);
    font-size: 10.5px;
  }

  .node:is(.failed, .check-failed, .check-warned, .stale, .blocked, .running, .queued) .figures {
    fill: currentColor;
  }

  .engine rect {
    fill: var(--sunken);
    stroke: var(--line-strong);
    vector-effect: non-scaling-stroke;
  }

  .engine text {
    fill: var(--text-muted);
    font-family: var(--font-mono);
    text-anchor: middle;
  }

  .engine.spark rect {
    fill: var(--accent-soft);
    stroke: var(--accent);
  }

  .engine.spark text {
    fill: var(--accent-strong);
  }

  .engine.none rect {
    fill: var(--status-failed-soft);
    stroke: var(--status-failed);
  }

  .engine.none text {
    fill: var(--status-failed);
  }

  .engine.spark .bolt {
    fill: var(--accent);
  }

  .engine.none .bolt {
    fill: var(--status-failed);
  }

  .engine .crossed {
    fill: none;
    stroke: var(--status-failed);
    stroke-width: 1.6;
    stroke-linecap: round;
  }

  .track {
    fill: var(--status-running-soft);
  }

  .progress {
    fill: var(--status-running);
    transition: width 0.3s linear;
  }

  .progress.unknown {
    transform-box: fill-box;
    animation: passing 1.6s ease-in-out infinite alternate;
  }

  @keyframes passing {
    to {
      transform: translateX(200%);
    }
  }

  .outline {
    fill: none;
    stroke: none;
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }

  .node[aria-selected="true"] .outline {
    stroke: var(--accent);
  }

  .plane:focus-visible .node.cursor .outline {
    stroke: var(--focus);
    stroke-dasharray: 4 3;
  }

  .node:hover .ground,
  .node.centre .ground {
    fill: var(--hover);
  }

  /* While one cell is looked at, what it does not touch steps back. */
  .node,
  .edge {
    transition: opacity var(--quick);
  }

  .plane.focussed :is(.node, .edge) {
    opacity: 0.3;
  }

  .plane.focussed :is(.node, .edge):is(.centre, .upstream, .downstream) {
    opacity: 1;
  }

  .plane:is(.focussed, .dense) .edge:is(.upstream, .downstream) {
    stroke: var(--accent);
    stroke-width: 1.75;
  }

  .plane:is(.focussed, .dense)
    .node:is(.upstream, .downstream):not(.failed, .check-failed, .blocked)
    .ground {
    stroke: var(--accent);
  }

  /* The way of a column. */
  .plane.traced :is(.node, .edge):not(.on-way) {
    opacity: 0.3;
  }

  .plane.traced .edge.on-way {
    stroke: var(--accent);
    stroke-width: 1.75;
  }

  .plane.traced .node.on-way .ground {
    stroke: var(--accent);
    stroke-width: 1.75;
  }

  .plane.traced .node.by-rows .ground {
    stroke-dasharray: 5 3;
  }

  .plane.traced .node.by-unknown .ground {
    stroke: var(--status-stale);
    stroke-dasharray: 2 3;
  }

  .plane.traced .node.on-way .figures {
    fill: var(--text);
    font-family: var(--font-mono);
  }

  .way {
    position: absolute;
    inset: auto 0 0;
    max-height: 45%;
    margin: 0;
    padding: 0.3125rem var(--space-2);
    overflow-y: auto;
    background: color-mix(in srgb, var(--page) 92%, transparent);
    color: var(--text-muted);
    overflow-wrap: anywhere;
  }

  .way p {
    margin: 0;
  }

  .way b {
    color: var(--text);
    font: 500 1em var(--font-mono);
  }

  .way .doubt {
    color: var(--status-stale);
  }

  .way button {
    float: right;
  }

  .tools {
    position: absolute;
    top: var(--space-1);
    right: var(--space-1);
    display: flex;
    border-radius: var(--radius);
    background: color-mix(in srgb, var(--page) 85%, transparent);
  }

  .caption {
    position: absolute;
    inset: auto 0 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-3);
    margin: 0;
    padding: 0.3125rem var(--space-2);
    background: color-mix(in srgb, var(--page) 92%, transparent);
    color: var(--text-muted);
    pointer-events: none;
  }

  .caption b {
    color: var(--text);
    font: 500 1em var(--font-mono);
    overflow-wrap: anywhere;
  }

  .nothing {
    display: grid;
    place-items: center;
    position: absolute;
    inset: 0;
    margin: 0;
    color: var(--text-faint);
    font-size: var(--size-sm);
  }
`;
