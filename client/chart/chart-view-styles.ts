import { css, unsafeCSS } from "lit";
import { chartColorsCss } from "../../server/chart/chart-colors.js";
import legend from "../styles/legend.css?inline";

export const legendStyles = unsafeCSS(legend);

export const chartViewStyles = css`
  :host {
    ${unsafeCSS(chartColorsCss)}
    display: block;
    position: relative;
    font-size: var(--size-md);
  }

  figure {
    margin: 0;
    padding: var(--space-3) var(--space-4);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 0 var(--space-2);
    min-height: 1.625rem;
  }

  /* What the rows are filtered by stands beside the title, where it pushes nothing. */
  .titles {
    display: flex;
    flex: 1 1 12rem;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--space-3);
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .titles > picked-line {
    --line-padding: 0;
  }

  .titles > .subtitle {
    flex-basis: 100%;
  }

  h3 {
    margin: 0;
    font-size: var(--size-prose);
    font-weight: 600;
    line-height: var(--leading-tight);
  }

  .subtitle,
  figcaption {
    margin: var(--space-1) 0 0;
    color: var(--text-muted);
    font-size: var(--size-sm);
  }

  figcaption:empty {
    display: none;
  }

  .tools {
    display: flex;
    gap: 2px;
    opacity: 0;
    transition: opacity var(--quick);
  }

  :host(:hover) .tools,
  :host(:focus-within) .tools,
  .tools:has([aria-pressed="true"]) {
    opacity: 1;
  }

  @media (hover: none) {
    .tools {
      opacity: 1;
    }
  }

  .legend button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 1.5rem;
    padding: 0 var(--space-1);
    border: 0;
    border-radius: var(--radius);
    background: none;
    color: var(--text);
    font: inherit;
    text-align: left;
    cursor: pointer;
  }

  .legend button:hover {
    background: var(--sunken);
  }

  .legend button[aria-pressed="false"] {
    color: var(--text-muted);
    text-decoration: line-through;
  }

  .legend button[aria-pressed="false"] .swatch {
    opacity: 0.25;
  }

  .downloads {
    display: flex;
    gap: 2px;
  }

  .stage {
    position: relative;
    margin-top: var(--space-2);
    overflow-x: clip;
    color: var(--text);
    transition: opacity var(--quick);
  }

  /* A range that is dragged over the words of an axis selects no text. */
  .stage svg {
    display: block;
    max-width: none;
    user-select: none;
  }

  /* It was drawn for the screen. */
  @media print {
    .canvas {
      min-height: 0 !important;
    }

    .stage svg {
      width: 100%;
      height: auto;
    }
  }

  .stage.is-old {
    opacity: 0.45;
  }

  .note {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: var(--space-1);
    height: 100%;
    padding: var(--space-4);
    border-radius: var(--radius);
    background: var(--sunken);
    color: var(--text-muted);
    text-align: center;
    overflow-wrap: anywhere;
  }

  .note strong {
    color: var(--text);
    font-weight: 550;
  }

  .over {
    position: absolute;
    inset: 0 0 auto;
    display: flex;
    justify-content: center;
    pointer-events: none;
  }

  .over p {
    margin: 0;
    padding: var(--space-1) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
    box-shadow: var(--shadow);
  }

  .panel {
    max-height: 22rem;
    margin-top: var(--space-2);
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--sunken);
  }

  .panel pre {
    padding: var(--space-3);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--size-sm);
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: 3px var(--space-3);
    border-bottom: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }

  th {
    position: sticky;
    top: 0;
    background: var(--sunken);
    color: var(--text-muted);
    font-weight: 550;
  }

  .number {
    text-align: right;
  }

  .null {
    color: var(--text-faint);
  }
`;
