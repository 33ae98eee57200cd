import { control, numberControl, selectControl } from "./controls.js";
import type { ControlPart } from "./draft.js";
import { readLiteral, splitArguments, toList } from "./literals.js";
import { scriptProperties, Settings } from "./settings.js";

const ELEMENTS = ["range", "number", "select", "radio", "checkbox", "toggle", "text", "date"] as const;
type Element = (typeof ELEMENTS)[number];

/** How an element looks, and when it tells its value. */
const LOOKS: ReadonlySet<string> = new Set([
  ...["width", "size", "submit", "spellcheck", "autocomplete", "autocapitalize"],
]);

/** The control of `Inputs.range([0, 10], {…})`, with remarks on what it cannot have. Undefined where it is none. */
export function observableControl(name: string, element: string, given: string): ControlPart | undefined {
  const type = ELEMENTS.find((each) => each === element);
  if (type === undefined) return undefined;
  const texts = splitArguments(given);
  const isAlone =
    ["toggle", "text", "date"].includes(type) || (type === "number" && /^\s*\{/.test(texts[0] ?? ""));
  const [first, options = "{}"] = isAlone ? [undefined, ...texts] : texts;
  const properties = [...scriptProperties(options)];
  const data: [string, string][] = first === undefined ? [] : [["data", first.trim()]];
  const settings = new Settings(`Inputs.${type}`, new Map([...data, ...properties]));
  const made = toControl(name, type, settings);
  return made === undefined ? undefined : { ...made, notes: settings.remarks(LOOKS) };
}

function toControl(name: string, type: Element, settings: Settings): ControlPart | undefined {
  switch (type) {
    case "range":
    case "number":
      return numberOf(name, type, settings);
    case "select":
    case "radio":
    case "checkbox": {
      const isMultiple = type === "checkbox" || (type === "select" && settings.take("multiple") === true);
      const otherwise = type === "select" ? "first" : "none";
      return selectControl(name, settings, settings.take("data"), { isMultiple, otherwise });
    }
    case "toggle":
      return control(name, {
        type: "checkbox",
        label: settings.take("label"),
        default: settings.take("value") ?? false,
      });
    case "text":
      return control(name, {
        type: "text",
        label: settings.take("label") ?? settings.take("placeholder"),
        default: settings.take("value") ?? "",
      });
    case "date":
      return control(name, {
        type: "date",
        label: settings.take("label"),
        default: settings.take("value", readDate),
      });
  }
}

function numberOf(name: string, type: "range" | "number", settings: Settings): ControlPart {
  const [min, max] = toList(settings.take("data"));
  const step = settings.take("step");
  const value = settings.take("value") ?? (type === "range" ? middle(min, max, step) : undefined) ?? null;
  const shape = { label: settings.take("label"), min, max, step, default: value };
  return numberControl(name, type === "range" ? "slider" : "number", shape);
}

/** Where a slider of the browser begins: in the middle, at the nearest step, upwards of two. */
function middle(min: unknown, max: unknown, step: unknown): number | undefined {
  if (typeof min !== "number" || typeof max !== "number") return undefined;
  const half = (max - min) / 2;
  return min + (typeof step === "number" && step > 0 ? Math.floor(half / step + 0.5) * step : half);
}

/** A text, or `new Date("2026-05-31")`. */
function readDate(text: string): unknown {
  const value = readLiteral(/^new Date\(\s*(["'][^"']*["'])\s*\)$/.exec(text)?.[1] ?? text);
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) ? value.slice(0, 10) : undefined;
}
