import { html, nothing } from "lit";
import "../controls/cell-control.js";
import { loadCode } from "../connection.js";
import type { YamlFormEvent } from "../elements/yaml-form.js";
import type { KindView } from "./kind.js";

export const inputView: KindView = {
  form: ({ cell, body, diagnostics, firstLine, edit }) => {
    if (edit === undefined) return nothing;
    void loadCode(() => import("../controls/control-form.js"));
    return html`<control-form
      .cell=${cell.name}
      .yaml=${body}
      .diagnostics=${diagnostics}
      .firstLine=${firstLine}
      @yaml-form-change=${({ yaml }: YamlFormEvent) => {
        edit(yaml);
      }}
    ></control-form>`;
  },

  render: ({ notebook, cell, isUnread, parameterValue, optionsKey }) =>
    isUnread
      ? nothing
      : html`<cell-control
          .notebook=${notebook}
          .cell=${cell}
          .value=${parameterValue}
          .refreshKey=${optionsKey}
        ></cell-control>`,
};
