import { html, nothing } from "lit";
import "../controls/cell-control.js";
import type { KindView } from "./kind.js";

export const inputView: KindView = {
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
