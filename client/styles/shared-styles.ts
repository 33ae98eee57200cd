import { css, unsafeCSS } from "lit";
import controls from "./controls.css?inline";

/** What base.css gives to plain HTML and a shadow root does not inherit. */
export const resetStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  ::selection {
    background: var(--selection);
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  code,
  pre {
    margin: 0;
    font-family: var(--font-mono);
    font-size: 0.92em;
    font-variant-ligatures: none;
  }

  /* Which one of several columns of one name it is. */
  .namesake {
    flex: none;
    align-self: start;
    color: var(--text-muted);
    font-size: var(--size-xs);
    font-weight: 400;
    vertical-align: super;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Buttons and fields as controls.css describes them. */
export const controlStyles = unsafeCSS(controls);
