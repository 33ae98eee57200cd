import type { RunManager, Forecast } from "../runs/run-manager.js";
import { reshapedColumns } from "../runs/reshaped-columns.js";
import { isDataset } from "../notebook/notebook.js";
import { findProblems, type ProblemServices } from "./find-problems.js";
import type { RunRequest } from "../runs/run-request.js";

type Services = Omit<ProblemServices, "lake"> & {
  readonly lake: RunManager["services"]["lake"];
  readonly manager: RunManager;
};

/** What a run would do; of a publication also what its readers would miss, as far as cells can be bound. */
export async function forecastWithReaders(services: Services, request: RunRequest): Promise<Forecast> {
  const forecast = await services.manager.forecast(request);
  if (request.mode !== "materialize") return forecast;
  const { notebooks, workspace, lake } = services;
  const { notebook, date } = forecast.run;
  const analyzed = await notebooks.analyze(await notebooks.read(notebook));
  const { columns } = await findProblems(services, analyzed);
  const published = new Set(
    forecast.cells.filter(({ action }) => action === "run" || action === "reuse").map(({ name }) => name),
  );
  const datasets = analyzed.notebook.cells.flatMap((cell) => {
    const bound = columns.get(cell.name);
    return bound !== undefined && isDataset(cell) && published.has(cell.name)
      ? [[cell.name, bound] as const]
      : [];
  });
  const context = { workspace, lake, notebooks, analyzed, record: { date } };
  const reshaped = await reshapedColumns(context, new Map(datasets));
  return reshaped.length === 0 ? forecast : { ...forecast, reshaped };
}
