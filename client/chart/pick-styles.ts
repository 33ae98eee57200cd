/** What a chart shows of picking. It comes with what picks. */
const sheet = new CSSStyleSheet();
void sheet.replace(`
.canvas {
  position: relative;
}

.canvas [data-row] {
  cursor: pointer;
}

.brush,
.ring {
  position: absolute;
  pointer-events: none;
}

.brush {
  border: 1px solid var(--accent);
  background: color-mix(in srgb, var(--accent) 12%, transparent);
}

.ring {
  top: -9px;
  left: -9px;
  width: 18px;
  height: 18px;
  border: 2px solid var(--accent);
  border-radius: 50%;
}

.legend .pick {
  min-width: 1.5rem;
  justify-content: center;
  color: var(--text-muted);
}

.legend .pick[aria-pressed="false"] {
  text-decoration: none;
}

.legend .pick[aria-pressed="true"] {
  color: var(--accent);
}
`);

export function adoptPickStyles(within: HTMLElement): void {
  const root = within.getRootNode();
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet))
    root.adoptedStyleSheets.push(sheet);
}
