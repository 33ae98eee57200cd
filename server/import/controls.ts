import type { ControlPart } from "./draft.js";
import { toList } from "./literals.js";
import type { Settings } from "./settings.js";

type Options = Readonly<Record<string, unknown>>;

/** Without what is not known; `default: null` is one that is not chosen yet. */
export function control(name: string, options: Options): ControlPart {
  const known = Object.entries(options).filter(
    ([key, value]) => isPlain(value) || (key === "default" && value === null),
  );
  return { kind: "control", name, options: Object.fromEntries(known) };
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => isPlain(each));
  return ["string", "number", "boolean"].includes(typeof value);
}

/** A slider whose bounds are not plain numbers is a field for a number. */
export function numberControl(name: string, type: "slider" | "number", options: Options): ControlPart {
  const isBounded = typeof options["min"] === "number" && typeof options["max"] === "number";
  const known = Object.entries(options).filter(
    ([key, value]) => key === "label" || key === "default" || typeof value === "number",
  );
  return control(name, { type: isBounded ? type : "number", ...Object.fromEntries(known) });
}

export interface SelectShape {
  readonly isMultiple: boolean;
  /** What is chosen where nothing is said. */
  readonly otherwise: "first" | "none";
}

/** A select of plain options, of a list or of a map whose keys are shown and chosen. Undefined where they are not plain. */
export function selectControl(
  name: string,
  settings: Settings,
  given: unknown,
  { isMultiple, otherwise }: SelectShape,
): ControlPart | undefined {
  const options = optionsOf(given);
  if (options === undefined) return undefined;
  const shown = options.filter(({ key, value }) => key !== toText(value)).map(({ key }) => key);
  if (shown.length > 0)
    settings.remark(`Its options were shown as ${shown.join(", ")}: here as their values.`);
  const value = settings.take("value");
  const chosen = (isMultiple ? toList(value) : value === undefined || value === null ? [] : [value]).map(
    (each) => ({
      key: toText(each),
      option: options.find(
        ({ key, value: own }) => key === toText(each) || (Array.isArray(given) && own === each),
      ),
    }),
  );
  const odd = chosen.filter(({ option }) => option === undefined).map(({ key }) => key);
  if (odd.length > 0) settings.remark(`It began with ${odd.join(", ")}, which is none of its options.`);
  const values = chosen.flatMap(({ option }) => option?.value ?? []);
  const first = otherwise === "first" && value !== null ? options[0]?.value : null;
  return control(name, {
    type: "select",
    label: settings.take("label"),
    options: options.map((option) => option.value),
    ...(isMultiple ? { multiple: true, default: values } : { default: values[0] ?? first }),
  });
}

interface Option {
  readonly key: string;
  readonly value: unknown;
}

function optionsOf(given: unknown): readonly Option[] | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const options = Array.isArray(given)
    ? given.map((value: unknown) => ({ key: toText(value), value }))
    : Object.entries(given).map(([key, value]) => ({ key, value: value as unknown }));
  return options.length > 0 && options.every(({ value }) => isPlain(value)) ? options : undefined;
}

/** As Python shows it. */
function toText(value: unknown): string {
  return value === true ? "True" : value === false ? "False" : String(value);
}
