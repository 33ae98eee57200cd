import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { iconLines } from "./icon-lines.js";

/** One family: 14 by 14, lines of one width, in the colour of the words beside them. */
const icons = {
  run: svg`<path d="M4.5 2.5v9l7-4.5z" fill="currentColor" />`,
  stop: svg`<path d="M3.5 3.5h7v7h-7z" fill="currentColor" />`,
  settings: svg`<path d="M1.5 4.5h5M10.5 4.5h2M1.5 9.5h2M7.5 9.5h5" /><circle cx="8.5" cy="4.5" r="1.9" /><circle cx="5.5" cy="9.5" r="1.9" />`,
  more: svg`<path d="M2.75 7h.01M7 7h.01M11.25 7h.01" stroke-width="2" />`,
  close: svg`<path d=${iconLines.close} />`,
  down: svg`<path d="m3 5 4 4 4-4" />`,
  right: svg`<path d=${iconLines.right} />`,
  left: svg`<path d=${iconLines.left} />`,
  download: svg`<path d="M7 2v7M4 6.5 7 9.5l3-3M2.5 12h9" />`,
  sum: svg`<path d="M10.5 3.5V2.5h-7L7 7l-3.5 4.5h7v-1" />`,
  anew: svg`<path d="M7 2.5 12 11.5H2z" />`,
  search: svg`<circle cx="6" cy="6" r="4" /><path d="m9 9 3.5 3.5" />`,
  filter: svg`<path d="M1.5 3h11M3.5 7h7M5.5 11h3" />`,
  expand: svg`<path d="M2 5V2h3M9 2h3v3M12 9v3H9M5 12H2V9" />`,
  less: svg`<path d="M3 7h8" />`,
  add: svg`<path d="M3 7h8M7 3v8" />`,
  light: svg`<circle cx="7" cy="7" r="2.6" /><path d="M7 1v1.3M7 11.7V13M1 7h1.3M11.7 7H13M2.8 2.8l.9.9M10.3 10.3l.9.9M11.2 2.8l-.9.9M3.7 10.3l-.9.9" />`,
  dark: svg`<path d="M12 8.4A5.2 5.2 0 1 1 5.6 2a4.2 4.2 0 0 0 6.4 6.4z" />`,
  system: svg`<circle cx="7" cy="7" r="5" /><path d="M7 2a5 5 0 0 1 0 10z" fill="currentColor" />`,
} satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Decoration: what it is beside or upon says the same in words. */
export function renderIcon(name: keyof typeof icons): TemplateResult {
  return html`<svg
    class="sign"
    width="14"
    height="14"
    viewBox="0 0 14 14"
    fill="none"
    stroke="currentColor"
    stroke-width="1.4"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${icons[name]}
  </svg>`;
}
