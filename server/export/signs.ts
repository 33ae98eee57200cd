/** The shapes that the page has, 12 by 12. */
const signs = {
  ring: '<circle cx="6" cy="6" r="4.25"/>',
  dot: '<circle cx="6" cy="6" r="3.75" fill="currentColor"/>',
  cross: '<path d="M2.5 2.5l7 7M9.5 2.5l-7 7"/>',
  blocked: '<circle cx="6" cy="6" r="4.25"/><path d="M3.4 6h5.2"/>',
  triangle: '<path d="M6 1.6l4.6 8.6H1.4z"/>',
  tick: '<path d="M2 6.4l2.8 2.8L10 3"/>',
} as const;

export type Sign = keyof typeof signs;

/** `place`: where it stands in a drawing; else it stands in a text. */
export function signToSvg(name: Sign, place?: { readonly x: number; readonly y: number }): string {
  const at =
    place === undefined ? "" : ` x="${String(place.x)}" y="${String(place.y)}" width="12" height="12"`;
  return `<svg class="sign"${at} viewBox="0 0 12 12" aria-hidden="true">${signs[name]}</svg>`;
}
