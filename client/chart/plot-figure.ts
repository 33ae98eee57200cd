/** What Plot draws, with what it knows of the pointer and of its scales. */
export interface PlotFigure extends SVGElement {
  readonly value?: { readonly row?: number } | null;
  scale(name: string): PlotScale | undefined;
}

export interface PlotScale {
  readonly bandwidth?: number;
  apply(value: unknown): number;
  invert?(place: number): unknown;
}
