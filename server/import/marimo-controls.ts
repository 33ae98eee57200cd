import { control, numberControl, selectControl } from "./controls.js";
import type { ControlPart } from "./draft.js";
import { readLiteral, toList } from "./literals.js";
import { pythonArguments, Settings } from "./settings.js";

const SELECT = ["options", "value"];
const TEXT = ["value", "placeholder"];

/** The parameters that may stand without their names, in the order of marimo 0.25. */
const PARAMETERS = {
  slider: [
    ...["start", "stop", "step", "value", "debounce", "disabled"],
    ...["orientation", "show_value", "include_input", "steps"],
  ],
  number: ["start", "stop", "step", "value", "debounce"],
  dropdown: [...SELECT, "allow_select_none", "searchable"],
  radio: [...SELECT, "inline"],
  multiselect: SELECT,
  text: [...TEXT, "kind", "max_length", "disabled", "debounce"],
  text_area: [...TEXT, "max_length", "disabled", "debounce", "rows"],
  checkbox: ["value"],
  switch: ["value"],
  date: ["start", "stop", "value"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Element = keyof typeof PARAMETERS;

/** How an element looks, and when it tells its value. */
const LOOKS: ReadonlySet<string> = new Set([
  ...["debounce", "orientation", "show_value", "include_input", "full_width", "searchable", "inline", "rows"],
]);

/** The control of `name = mo.ui.slider(…)`, with remarks on what it cannot have. Undefined where it is none. */
export function marimoControl(name: string, element: string, text: string): ControlPart | undefined {
  if (!Object.hasOwn(PARAMETERS, element)) return undefined;
  const type = element as Element;
  const settings = new Settings(`mo.ui.${type}`, pythonArguments(text, PARAMETERS[type]));
  const made = toControl(name, type, settings);
  return made === undefined ? undefined : { ...made, notes: settings.remarks(LOOKS) };
}

function toControl(name: string, type: Element, settings: Settings): ControlPart | undefined {
  switch (type) {
    case "slider":
      return sliderOf(name, settings);
    case "number":
      return numberOf(name, type, settings);
    case "dropdown":
    case "radio":
    case "multiselect": {
      const options = settings.take("options");
      const otherwise = settings.look("allow_select_none") === false ? "first" : "none";
      return selectControl(name, settings, options, { isMultiple: type === "multiselect", otherwise });
    }
    case "text":
    case "text_area":
      return control(name, {
        type: "text",
        label: settings.take("label"),
        default: settings.take("value") ?? "",
      });
    case "checkbox":
    case "switch":
      return control(name, {
        type: "checkbox",
        label: settings.take("label"),
        default: settings.take("value") ?? false,
      });
    case "date":
      return dateOf(name, settings);
  }
}

function sliderOf(name: string, settings: Settings): ControlPart {
  const steps = toList(settings.take("steps"));
  if (steps.length === 0) return numberOf(name, "slider", settings);
  settings.remark("It was a slider over these options.");
  return (
    selectControl(name, settings, steps, { isMultiple: false, otherwise: "first" }) ??
    numberOf(name, "slider", settings)
  );
}

function numberOf(name: string, type: "slider" | "number", settings: Settings): ControlPart {
  const [label, min, max, step, value] = ["label", "start", "stop", "step", "value"].map((key) =>
    settings.take(key),
  );
  return numberControl(name, type, { label, min, max, step, default: value ?? min ?? max ?? null });
}

function dateOf(name: string, settings: Settings): ControlPart {
  // A control has no bounds of dates: they are left out.
  const given =
    settings.take("value", readDate) ?? settings.look("start", readDate) ?? settings.look("stop", readDate);
  if (given === undefined) settings.remark("It began with the day on which it is looked at: here with none.");
  return control(name, { type: "date", label: settings.take("label"), default: given });
}

/** A text, or `datetime.date(2026, 5, 31)`. */
function readDate(text: string): unknown {
  const [, year, month = "", day = ""] =
    /^(?:[A-Za-z_]\w*\.)*date\(\s*(\d{4})\s*,\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$/.exec(text) ?? [];
  return year === undefined ? readLiteral(text) : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
