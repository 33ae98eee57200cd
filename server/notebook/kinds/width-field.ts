import { z } from "zod";
import { field } from "../fields.js";
import { reportWidths } from "../report-width.js";

export const widthField = field("width", z.enum(reportWidths), "full, half or third", "half");
