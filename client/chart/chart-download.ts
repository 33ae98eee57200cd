import type * as PlotModule from "@observablehq/plot";
import type { ChartData } from "../../server/api/protocol.js";
import { loadCode } from "../connection.js";

export type ChartFormat = "SVG" | "PNG" | "CSV";

export interface ChartPicture {
  readonly plot: typeof PlotModule;
  readonly data: ChartData;
  readonly width: number;
  readonly hidden: ReadonlySet<string>;
}

/** Dots of a PNG for one of the page: sharp on any screen, and in print. */
const DENSITY = 2;

/** Saves a chart as a file of that name. */
export async function downloadChart(format: ChartFormat, name: string, picture: ChartPicture): Promise<void> {
  save(await toFile(format, picture), `${name}.${format.toLowerCase()}`);
}

async function toFile(format: ChartFormat, { plot, data, width, hidden }: ChartPicture): Promise<Blob> {
  if (format === "CSV") {
    const { toCsv } = await loadCode(() => import("../../server/chart/chart-csv.js"));
    return new Blob([toCsv(data)], { type: "text/csv;charset=utf-8" });
  }
  const { renderChartSvg } = await loadCode(() => import("../../server/chart/chart-svg.js"));
  const svg = renderChartSvg(plot, data, {
    width: Math.min(1200, Math.max(480, width)),
    caption: data.caption,
    hidden,
  });
  return format === "SVG" ? new Blob([svg], { type: "image/svg+xml" }) : toPng(svg);
}

async function toPng(svg: string): Promise<Blob> {
  const image = new Image();
  // The page's policy allows pictures from data:, and from nowhere else.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * DENSITY, image.height * DENSITY];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("unreachable: a canvas of this size becomes a PNG"));
      else resolve(blob);
    }, "image/png");
  });
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
