import { css } from "lit";

export const dataPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    color: var(--text);
    font: var(--size-sm) / var(--leading) var(--font-text);
  }

  .tools {
    display: flex;
    gap: var(--space-1);
    padding: 2px 2px var(--space-2);
  }

  .tools input {
    flex: 1;
    min-width: 0;
  }

  .scroller {
    position: relative;
    flex: 1;
    min-height: 8rem;
    overflow: auto;
    overscroll-behavior: contain;
    outline-offset: -2px;
  }

  [role="tree"] {
    position: relative;
  }

  [role="treeitem"] {
    position: absolute;
    inset: 0 0 auto;
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding-right: var(--space-2);
    border-radius: var(--radius);
    white-space: nowrap;
    cursor: default;
    user-select: none;
  }

  [role="treeitem"]:hover {
    background: var(--hover);
  }

  .scroller:focus [role="treeitem"].active {
    background: var(--selection);
  }

  .scroller:focus-visible [role="treeitem"].active {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }

  .twisty {
    flex: none;
    align-self: stretch;
    display: grid;
    place-items: center;
    width: 1.125rem;
    color: var(--text-faint);
  }

  .twisty svg {
    transition: transform var(--quick);
  }

  [aria-expanded="true"] > .twisty svg {
    transform: rotate(90deg);
  }

  .label {
    flex: 0 1 auto;
    min-width: 2rem;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .insertable > .label {
    cursor: copy;
  }

  .group > .label {
    color: var(--text-muted);
    font-weight: 600;
  }

  .column > .label {
    flex-shrink: 1;
  }

  .note > .label {
    color: var(--text-muted);
    font-style: italic;
  }

  .action > .label {
    color: var(--accent);
    cursor: pointer;
  }

  .detail {
    flex: 0 100 auto;
    min-width: 0;
    margin-left: auto;
    padding-left: var(--space-1);
    overflow: hidden;
    color: var(--text-faint);
    font-size: var(--size-xs);
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
  }

  .column .detail {
    margin-left: 0;
  }

  .picture {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: var(--space-1);
    width: 5.25rem;
    margin-left: auto;
  }

  .picture svg {
    width: 3.25rem;
    fill: var(--mark);
  }

  .picture svg .nulls {
    fill: var(--status-stale);
  }

  .nulls-share {
    flex: 1;
    color: var(--status-stale);
    font-size: var(--size-xs);
    text-align: right;
  }

  .about {
    flex: none;
    min-height: 3.25rem;
    max-height: 7.5rem;
    margin: 0;
    padding: var(--space-2) var(--space-1);
    overflow: auto;
    border-top: 1px solid var(--line);
    color: var(--text-muted);
    font-size: var(--size-xs);
    overflow-wrap: anywhere;
  }

  .about strong {
    color: var(--text);
  }

  :is(.problem, .note):is(p) {
    margin: 0 0 var(--space-2);
    color: var(--status-failed);
    overflow-wrap: anywhere;
  }

  .note:is(p) {
    padding: var(--space-1) var(--space-2);
    border-radius: var(--radius);
    background: var(--status-stale-soft);
    color: var(--text);
  }

  @media (width < 900px) {
    :host {
      font-size: var(--size-md);
    }
  }
`;
