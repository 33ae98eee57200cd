import { expect, test } from "vitest";
import { AppError } from "../../../server/base/errors.js";
import { toCellError } from "../../../server/runs/failure.js";

test("an error names a file of an absolute path as the SQL does, wherever the run shows it", () => {
  const error = new AppError("input", '"absolute/archive/a.csv" does not fit "input/absolute/b.csv".');
  expect(toCellError(error).message).toBe('"/archive/a.csv" does not fit "input/absolute/b.csv".');
});
