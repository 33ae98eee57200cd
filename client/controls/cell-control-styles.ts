import { css } from "lit";

export const cellControlStyles = css`
  :host {
    display: block;
    padding: var(--space-3) var(--space-4);
    font-size: var(--size-md);
  }

  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
  }

  label,
  legend {
    padding: 0;
    font-weight: 550;
    overflow-wrap: anywhere;
  }

  .description {
    display: block;
    color: var(--text-muted);
    font-size: var(--size-sm);
    font-weight: 400;
  }

  select,
  input:not([type="checkbox"]) {
    min-width: 9rem;
    max-width: 100%;
  }

  input[type="number"] {
    min-width: 6rem;
    width: 8rem;
    font-variant-numeric: tabular-nums;
  }

  [aria-invalid="true"] {
    border-color: var(--status-failed);
  }

  .slider {
    display: inline-flex;
    flex: 1;
    align-items: center;
    gap: var(--space-3);
    min-width: 14rem;
    max-width: 26rem;
  }

  .slider input {
    flex: 1;
    min-width: 0;
  }

  output {
    min-width: 3.5ch;
    font-variant-numeric: tabular-nums;
    text-align: right;
  }

  .tick {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-weight: 400;
  }

  .tick input {
    flex: none;
    margin: 0;
  }

  .row > .tick {
    font-weight: 550;
  }

  .options {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    margin-top: var(--space-2);
  }

  .options.is-long {
    max-height: 9.5rem;
    overflow-y: auto;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }

  .all {
    color: var(--text-muted);
  }

  .note {
    flex-basis: 100%;
    margin: var(--space-1) 0 0;
    color: var(--text-muted);
    font-size: var(--size-sm);
    overflow-wrap: anywhere;
  }

  .problem {
    color: var(--status-failed);
  }
`;
