import { html, nothing } from "lit";
import "../inputs/input-control.js";
import type { KindView } from "./kind.js";

export const inputView: KindView = {
  render: ({ notebook, cell, isUnread, parameterValue, optionsKey }) =>
    isUnread
      ? nothing
      : html`<input-control
          .notebook=${notebook}
          .cell=${cell}
          .value=${parameterValue}
          .refreshKey=${optionsKey}
        ></input-control>`,
};
