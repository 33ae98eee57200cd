import "../../../client/chart/chart-view.js";
import type { ChartView } from "../../../client/chart/chart-view.js";
import type { ChartData } from "../../../server/api/protocol.js";

/** What the page drew of a chart, and how wide. */
export interface Drawn {
  readonly width: number;
  readonly lines: readonly string[];
}

async function draw(data: ChartData): Promise<Drawn> {
  const view: ChartView = Object.assign(document.createElement("chart-view"), { data });
  document.querySelector("main")?.replaceChildren(view);
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const canvas = view.shadowRoot?.querySelector(".canvas");
    const figure = canvas?.firstElementChild;
    if (canvas !== null && canvas !== undefined && figure !== null && figure !== undefined)
      return { width: Math.floor(canvas.clientWidth), lines: linesOf(figure) };
  }
}

function parse(markup: string): readonly string[] {
  return linesOf(new DOMParser().parseFromString(markup, "image/svg+xml").documentElement);
}

/** Element by element, whatever the order of attributes; what only a pointer shows is not part of the picture. */
function linesOf(element: Element, depth = 0): string[] {
  if (element.tagName === "title" || element.getAttribute("pointer-events") === "none") return [];
  const attributes = [...element.attributes]
    .filter(({ name }) => !/^(xmlns|data-)/.test(name))
    .map(({ name, value }) => `${name}=${value.replaceAll(/[\s;]+/g, "")}`)
    .sort();
  const text = [...element.childNodes].map((node) => (node.nodeType === 3 ? (node.textContent ?? "") : ""));
  const line = `${" ".repeat(depth)}${[element.tagName, ...attributes].join(" ")} ${text.join("").trim()}`;
  const inner = [...element.children].flatMap((child) => linesOf(child, depth + 1));
  return element.tagName === "g" && inner.length === 0 ? [] : [line, ...inner];
}

const page = { draw, parse };

declare global {
  /** What the tests use inside the page. */
  var chartPage: typeof page;
}

globalThis.chartPage = page;
