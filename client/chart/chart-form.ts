import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Column } from "../../server/api/protocol.js";
import { listOption, setOption } from "../../server/notebook/edit-options.js";
import { YamlForm, type Choice } from "../elements/yaml-form.js";
import { quote } from "./chart-choices.js";
import { mainFields, styleFields, type FormField } from "./chart-form-fields.js";

/** `<chart-form>`: the options of a chart by choice. */
@customElement("chart-form")
export class ChartForm extends YamlForm<FormField> {
  /** Of the cell that it draws. */
  @property({ attribute: false }) columns: readonly Column[] = [];

  protected override renderForm(): TemplateResult {
    return html`<div class="chart-form" role="group" aria-label="Options of ${this.cell}">
        ${this.#renderFields(mainFields)}
      </div>
      <details class="chart-style">
        <summary>Words, colours and formats</summary>
        <div class="chart-form">${this.#renderFields(styleFields)}</div>
      </details>`;
  }

  #renderFields(fields: readonly FormField[]): (TemplateResult | typeof nothing)[] {
    const mark = this.textOf({ key: "mark" }) ?? "";
    return fields.map((field) =>
      field.marks?.test(mark) === false && listOption(this.yaml, field.key)?.length === 0
        ? nothing
        : this.renderField(field),
    );
  }

  protected override choicesOf({ choices }: FormField): readonly Choice[] {
    return choices?.(this.columns) ?? [];
  }

  protected override textOf({ key }: Pick<FormField, "key">): string | undefined {
    const value = super.textOf({ key: this.#written(key) });
    return key === "mark" && value !== undefined ? toMark(value) : value;
  }

  /** A colour is written by one of three names. */
  #written(key: string): string {
    if (key !== "fill") return key;
    return ["color", "stroke"].find((other) => listOption(this.yaml, other)?.length !== 0) ?? "fill";
  }

  protected override write({ key, type }: FormField, value: string): void {
    const written = value === "" ? undefined : type === "text" || type === "choice" ? quote(value) : value;
    const yaml = setOption(this.yaml, this.#written(key), written);
    const isTurned = key === "mark" && (value === "barX") !== (this.textOf({ key }) === "barX");
    this.tell(isTurned ? turn(yaml) : yaml);
  }
}

/** Bars that lie have their names on the other axis. */
function turn(yaml: string): string {
  const [x, y] = ["x", "y"].map((key) => listOption(yaml, key)?.map(quote) ?? []);
  const write = (texts: readonly string[] = []): string | undefined =>
    texts.length > 1 ? `[${texts.join(", ")}]` : texts[0];
  const [sort = ""] = listOption(yaml, "sort") ?? [];
  const turned = sort.replace(/^[xy]\b/, (axis) => (axis === "x" ? "y" : "x"));
  const swapped = setOption(setOption(yaml, "x", write(y)), "y", write(x));
  return sort === turned ? swapped : setOption(swapped, "sort", quote(turned));
}

const otherMarks: Readonly<Record<string, string>> = {
  bar: "barY",
  column: "barY",
  line: "lineY",
  area: "areaY",
  scatter: "dot",
  point: "dot",
  rect: "rectY",
  heatmap: "cell",
};

function toMark(written: string): string {
  return otherMarks[written.toLowerCase()] ?? written;
}

declare global {
  interface HTMLElementTagNameMap {
    "chart-form": ChartForm;
  }
}
