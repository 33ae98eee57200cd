import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Begins with what takes long though its file is small. Vitest goes by size where it has measured nothing yet, and would
 * leave these for the end, when nothing runs beside them any more.
 */
const long =
  /\/(faults\/kills|lake\/kill|lake\/faults|docs\/guide|cli\/(packed|deliveries)|served-pages|lost-keys)\.test\.ts$/;

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
