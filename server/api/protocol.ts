/** What goes over HTTP, as types. The web client imports this file and nothing else of the server. */
export type { LocatedDiagnostic } from "../base/diagnostic.js";
export type { Column, Explanation } from "../engine/engine.js";
export type { NotebookEvent } from "../runs/events.js";
export type { ForecastCell } from "../runs/forecast-run.js";
export type { Forecast } from "../runs/run-manager.js";
export type { CheckSuggestions } from "../rows/check-suggestions.js";
export type { Summary } from "../rows/summary.js";
export type { ReshapedColumn } from "../runs/run-record.js";
export type { CheckTrend } from "../rows/check-trends.js";
export type { CheckSuggestion } from "../rows/suggest-checks.js";
export type { Profile } from "../rows/profile.js";
export type { PlotChannel, PlotChannelName, PlotDescription } from "../chart/plot-description.js";
export type { GroupedChannel, Picked } from "../chart/picked.js";
export type { ChartData } from "../rows/chart-data.js";
export type { ControlOptions } from "../workbench/control-options.js";
export type { CompiledCell } from "../workbench/compiled-cell.js";
export type { FileLook } from "../workbench/file-looks.js";
export type { CellDiff, NothingPublished } from "../rows/cell-diff.js";
export type { PublishedListing } from "../rows/published-datasets.js";
export type { RowDiff } from "../engine/verbs.js";
export type { Rollback } from "../lake/rollback.js";
export type { DatasetDiff } from "../rows/diff-places.js";
export type { Backfill } from "../operate/backfills.js";
export type { CalendarDate } from "../operate/calendar.js";
export type { ScheduleView } from "../operate/schedules/schedule-view.js";
export type { VersionListing } from "../runs/version-listing.js";
export type { PublishedDetail } from "../rows/published-detail.js";
export type { CellRecord, CheckRecord, RemovedDataset, RunView } from "../runs/run-record.js";
export type { HistoryEntry } from "../workspace/history/history-line.js";
export type { Share } from "../share/share-store.js";
export type {
  CellRowsPage,
  CellView,
  ColumnLineage,
  ErrorBody,
  ExpectedProblem,
  LineageNodeView,
  LineageView,
  NotebookSummary,
  NotebookView,
  Position,
  ProposalView,
  QueryAnswer,
  TextRange,
  UploadedInput,
  VacuumReport,
  VerifyView,
  VocabularyView,
} from "./answers.js";
export type { Api } from "./api.js";
export type { RunBody } from "./requests.js";
