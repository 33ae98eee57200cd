import type { SVGTemplateResult, TemplateResult, nothing } from "lit";
import type { CellRecord, LocatedDiagnostic } from "../../server/api/protocol.js";
import type { Block, CellFacts } from "../store/document.js";
import type { Expected } from "../store/notebook-state.js";

export interface Surroundings {
  /** What a test is of. */
  readonly above?: Block | undefined;
  /** What a chart draws: the cell above it that has rows, else the first below. */
  readonly relation?: CellFacts | undefined;
  /** What a SQL cell begins with. */
  readonly sql?: string | undefined;
}

/** A kind in words and signs, wherever the page speaks of it. */
export interface KindWords {
  /** On a button. */
  readonly label: string;
  /** In a sentence. */
  readonly noun: string;
  /** What new cells are called, with a number. */
  readonly stem: string;
  /** The keys that add one. */
  readonly keys?: string;
  /** What a new cell's body begins as. */
  starter(name: string, surroundings: Surroundings): string;
  /** Of what is never run: its sign, 12 by 12. */
  readonly shape?: SVGTemplateResult;
  /** The options that its settings take. */
  readonly settings?: string;
}

/** What a cell that is never run is drawn from. */
export interface CellScene {
  readonly notebook: string;
  readonly cell: CellFacts;
  /** The server has not read the cell yet. */
  readonly isUnread: boolean;
  /** How the cell that it draws last ended, and whether that still holds. */
  readonly sourceRecord: CellRecord | undefined;
  readonly sourceForecast: Expected | undefined;
  /** What `keyOf` last was; empty until then. */
  readonly drawnKey: string;
  /** Changes when what it offers may have changed. */
  readonly optionsKey: string;
  readonly parameterValue: unknown;
  /** Of the cell that it draws; undefined: they are not known. */
  readonly sourceColumns: CellFacts["columns"];
  /** Its YAML. */
  readonly body: string;
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** The line of the file on which the YAML begins. */
  readonly firstLine: number;
  /** Undefined: that would be refused. */
  readonly edit: ((body: string) => void) | undefined;
  /** Runs it, or what it draws. Undefined: that would be refused. */
  readonly run: (() => void) | undefined;
}

export interface Standing<Mark extends string> {
  readonly mark: Mark;
  /** Names stand between backticks. */
  readonly words: string;
  /** What is said on demand only. */
  readonly detail?: string;
}

/** A kind that is never run, on the page: its YAML is edited below. */
export interface KindView {
  render(scene: CellScene): TemplateResult | typeof nothing;
  /** By what its YAML is made and changed, above it. */
  form?(scene: CellScene): TemplateResult | typeof nothing;
  /** Changes when what it draws may have changed; undefined while there is nothing to draw. */
  keyOf?(scene: CellScene): string | undefined;
  /** Absent: it has none. */
  standing?(scene: CellScene): Standing<"never" | "stale" | "none">;
}
