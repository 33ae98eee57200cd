import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lake } from "../../../server/lake/lake.js";
import { planVacuum, vacuum } from "../../../server/lake/vacuum.js";
import type { VacuumOptions } from "../../../server/lake/vacuum.js";
import { verifyLake } from "../../../server/lake/verify.js";
import {
  openLake,
  publish,
  storeAndPublish,
  storeVersion,
  withFolder,
  withLake,
  writeBelow,
} from "./lake-fixture.js";
import type { VersionOptions } from "./lake-fixture.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A clock that a test can turn. */
class Clock {
  #ms = Date.parse("2026-11-01T06:00:00Z");
  readonly now = (): Date => new Date(this.#ms);

  pass(ms: number): void {
    this.#ms += ms;
  }
}

/** Two days from now: everything on disk is old. */
function laterClock(): Clock {
  const clock = new Clock();
  clock.pass(Date.now() - clock.now().getTime() + 2 * DAY_MS);
  return clock;
}

function month(index: number): string {
  return `2026-${String(index).padStart(2, "0")}-01`;
}

async function publishMonths(
  lake: Lake,
  count: number,
  version: (index: number) => VersionOptions,
): Promise<string[]> {
  const versions: string[] = [];
  for (let index = 1; index <= count; index++) {
    const { datasets } = await storeAndPublish(lake, version(index), { runDate: month(index) });
    versions.push(datasets[0]!.version);
  }
  return versions;
}

async function plannedVersions(lake: Lake, options: VacuumOptions = {}): Promise<string[]> {
  return (await planVacuum(lake, options)).versions.map(({ version, reason }) => `${reason} ${version}`);
}

const ofMonth = (index: number): VersionOptions => ({ files: { [`parquet/${index}`]: String(index) } });

describe("planVacuum", () => {
  test("lets go of all but the last 12 dates of each notebook", () =>
    withLake(async (lake) => {
      await storeAndPublish(lake, { dataset: "stock" }, { notebook: "stock", runDate: "2020-01-01" });
      const versions = await publishMonths(lake, 12, ofMonth);
      expect((await planVacuum(lake)).publications).toEqual([]);
      expect((await planVacuum(lake, { keepDates: 10 })).publications.map(({ runDate }) => runDate)).toEqual([
        month(1),
        month(2),
      ]);
      expect(await plannedVersions(lake, { keepDates: 10 })).toEqual([
        `old-date ${versions[0]}`,
        `old-date ${versions[1]}`,
      ]);
    }));

  test("keeps a version of an old date that a later date shows too, or that is pinned", () =>
    withLake(async (lake) => {
      const { dataset, version } = await storeVersion(lake);
      for (const runDate of [month(1), month(2)])
        await publish(lake, { runDate, datasets: { [dataset]: version } });
      const plan = await planVacuum(lake, { keepDates: 1 });
      expect(plan.publications).toHaveLength(1);
      expect(plan.versions).toEqual([]);
      await publish(lake, { runDate: month(2), datasets: {} });
      expect(await plannedVersions(lake, { keepDates: 1 })).toEqual([`old-date ${version}`]);
      expect(await plannedVersions(lake, { keepDates: 1, pinned: [{ dataset, version }] })).toEqual([]);
    }));

  test("keeps a publication of an old date that is pinned, with its versions", () =>
    withLake(async (lake) => {
      await publishMonths(lake, 3, ofMonth);
      const [{ txn } = { txn: "" }] = lake.publications();
      const plan = await planVacuum(lake, { keepDates: 1, pinnedPublications: [txn] });
      expect(plan.publications.map(({ runDate }) => runDate)).toEqual([month(2)]);
      expect(plan.versions).toHaveLength(1);
    }));

  test("lets the oldest drafts go until the rest fits, but none of the last hour", () => {
    const clock = new Clock();
    return withLake(async (lake) => {
      const drafts: string[] = [];
      for (let index = 0; index < 4; index++) {
        drafts.push((await storeVersion(lake, { files: { "parquet/a": "x".repeat(10) } })).version);
        clock.pass(40 * 60 * 1000);
      }
      expect(await plannedVersions(lake)).toEqual([]);
      expect(await plannedVersions(lake, { maxDraftBytes: 30 })).toEqual([`draft ${drafts[0]}`]);
      expect(await plannedVersions(lake, { maxDraftBytes: 0 })).toEqual(
        drafts.slice(0, 3).map((version) => `draft ${version}`),
      );
    }, clock);
  });

  test("counts no draft as young because the clock was far ahead when it was stored", () => {
    const clock = new Clock();
    return withLake(async (lake) => {
      clock.pass(400 * DAY_MS);
      const { version } = await storeVersion(lake);
      clock.pass(-400 * DAY_MS);
      expect(await plannedVersions(lake, { maxDraftBytes: 0 })).toEqual([`draft ${version}`]);
    }, clock);
  });

  test("keeps what is tagged: an old date as it is, what was replaced, and the input of both", () => {
    const clock = laterClock();
    return withLake(async (lake, workspace) => {
      const pin = async (text: string) => {
        const absolutePath = await writeBelow(workspace, "input/a.csv", text);
        return lake.pinInput({ absolutePath, path: "input/a.csv", snapshot: true });
      };
      const tag = (runDate: string) => ({ notebook: "sales", date: runDate, name: `of-${runDate}` });
      const replaced = await pin("replaced");
      await storeAndPublish(lake, ofMonth(1), { runDate: month(1), inputs: [replaced] });
      await lake.tag(tag(month(1)));
      for (const index of [2, 3]) await storeAndPublish(lake, ofMonth(index), { runDate: month(1) });
      await storeAndPublish(lake, ofMonth(4), { runDate: month(2) });
      await lake.tag(tag(month(2)));
      for (const index of [5, 6]) await storeAndPublish(lake, ofMonth(index), { runDate: month(index) });
      clock.pass(2 * DAY_MS);
      const plan = () => planVacuum(lake, { keepDates: 1, maxDraftBytes: 0 });
      expect((await plan()).publications.map(({ runDate }) => runDate)).toEqual([month(1), month(5)]);
      expect((await plan()).versions).toHaveLength(3);
      expect((await plan()).inputs).toEqual([]);
      await lake.untag(tag(month(1)));
      expect((await plan()).versions).toHaveLength(4);
      expect((await plan()).inputs.map(({ sha256 }) => sha256)).toEqual([replaced.sha256]);
    }, clock);
  });

  test("counts what was published and replaced as a draft", () => {
    const clock = new Clock();
    return withLake(async (lake) => {
      const { datasets } = await storeAndPublish(lake, ofMonth(1));
      await storeAndPublish(lake, ofMonth(2));
      clock.pass(DAY_MS);
      expect(await plannedVersions(lake, { maxDraftBytes: 0 })).toEqual([`draft ${datasets[0]!.version}`]);
    }, clock);
  });
});

test("nothing but a vacuum takes a run date from public, however many there are", () =>
  withFolder(async (folder) => {
    const first = await openLake(folder);
    await publishMonths(first, 12, ofMonth);
    for (const runDate of ["2027-01-01", "2027-02-01"]) await storeAndPublish(first, {}, { runDate });
    await first.close();
    const again = await openLake(folder);
    const dates = (): string[] => readdirSync(again.folder).filter((name) => /^\d/.test(name));
    expect(dates()).toHaveLength(14);
    await vacuum(again, await planVacuum(again));
    expect(dates()).toHaveLength(12);
    await again.close();
  }));

describe("vacuum", () => {
  test("removes what was planned, from public too, and leaves a lake that is as its log says", () =>
    withLake(async (lake) => {
      const versions = await publishMonths(lake, 4, ofMonth);
      const { removed, problems } = await vacuum(lake, await planVacuum(lake, { keepDates: 2 }));
      expect(problems).toEqual([]);
      expect(removed).toContain(`${month(1)}/orders`);
      expect(readdirSync(lake.folder).sort()).toEqual([
        ".lake",
        month(3),
        month(4),
        "catalog.json",
        "latest",
      ]);
      expect(readdirSync(join(lake.paths.versions, "orders"))).toEqual(versions.slice(2).sort());
      expect(lake.publications().map(({ runDate }) => runDate)).toEqual([month(3), month(4)]);
      expect(lake.history()).toHaveLength(4);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
    }));

  test("takes a dataset from latest that only an old date had", () =>
    withLake(async (lake) => {
      await storeAndPublish(lake, { dataset: "gone" }, { runDate: month(1) });
      await storeAndPublish(lake, { dataset: "stock" }, { runDate: month(2) });
      await vacuum(lake, await planVacuum(lake, { keepDates: 1 }));
      expect(readdirSync(join(lake.folder, "latest"))).toEqual(["stock"]);
      expect(lake.resolve("gone")).toBeUndefined();
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
    }));

  test("leaves a user's files in a date that goes", () =>
    withLake(async (lake) => {
      await publishMonths(lake, 2, ofMonth);
      await writeBelow(lake.folder, `${month(1)}/notes.txt`, "mine");
      await vacuum(lake, await planVacuum(lake, { keepDates: 1 }));
      expect(readdirSync(join(lake.folder, month(1)))).toEqual(["notes.txt"]);
    }));

  test("holds after a restart, and a date that went can be published again", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      await publishMonths(lake, 2, ofMonth);
      await vacuum(lake, await planVacuum(lake, { keepDates: 1 }));
      await lake.close();
      const again = await openLake(workspace);
      expect(again.recovery.projected).toEqual([]);
      await storeAndPublish(again, ofMonth(9), { runDate: month(1), expectedTxn: null });
      expect(await verifyLake(again, { deep: true })).toEqual([]);
      await again.close();
    }));

  test("is finished by the next opening when it ended after its entry", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      const versions = await publishMonths(lake, 2, ofMonth);
      const { publications, seq } = await planVacuum(lake, { keepDates: 1 });
      const draft = {
        type: "expire",
        versions: [{ dataset: "orders", version: versions[0]! }],
        publications: [...publications],
      } as const;
      await lake.parts.log.append({ ...draft, versions: [...draft.versions] });
      expect(lake.state.seq).toBe(seq + 1);
      await lake.close();
      const again = await openLake(workspace);
      expect(again.recovery.removed).toContain(`${month(1)}/orders`);
      expect(again.recovery.swept).toEqual([`.lake/versions/orders/${versions[0]}`]);
      expect(await verifyLake(again, { deep: true })).toEqual([]);
      await again.close();
    }));

  test("refuses a plan that something was committed after", () =>
    withLake(async (lake) => {
      await publishMonths(lake, 2, ofMonth);
      const plan = await planVacuum(lake, { keepDates: 1 });
      await storeVersion(lake);
      await expect(vacuum(lake, plan)).rejects.toMatchObject({ code: "conflict" });
    }));

  test("keeps a publish from naming what went", () =>
    withLake(async (lake) => {
      const { entry } = await storeAndPublish(lake, ofMonth(1), { runDate: month(1) });
      await storeAndPublish(lake, ofMonth(2), { runDate: month(2) });
      await vacuum(lake, await planVacuum(lake, { keepDates: 1 }));
      await expect(publish(lake, { runDate: month(3), datasets: entry.datasets })).rejects.toMatchObject({
        code: "conflict",
      });
    }));
});

describe("the input that vacuum removes", () => {
  test("is what no kept publication or version names and no run may be using", () => {
    const clock = laterClock();
    return withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      const pin = async (text: string) => {
        const absolutePath = await writeBelow(workspace, `input/${text}`, text);
        return lake.pinInput({ absolutePath, path: `input/${text}`, snapshot: true });
      };
      const [published, drafted, old, resumable, unused] = [
        await pin("published"),
        await pin("drafted"),
        await pin("old"),
        await pin("resumable"),
        await pin("unused"),
      ];
      await storeAndPublish(lake, ofMonth(1), { runDate: month(1), inputs: [old] });
      await storeAndPublish(lake, ofMonth(2), { runDate: month(2), inputs: [published] });
      await storeVersion(lake, { dataset: "draft", draft: { inputs: [drafted] } });
      expect((await planVacuum(lake, { keepDates: 1 })).inputs).toEqual([]);
      await lake.close();

      const later = await openLake(workspace, clock);
      const plan = await planVacuum(later, { keepDates: 1, pinnedInputs: [resumable.sha256] });
      expect(plan.inputs.map(({ sha256 }) => sha256).sort()).toEqual([old.sha256, unused.sha256].sort());
      await later.pinInput({
        absolutePath: join(workspace, "input/unused"),
        path: "input/unused",
        snapshot: true,
      });
      await vacuum(later, plan);
      expect(existsSync(later.inputFile(old.sha256))).toBe(false);
      expect(existsSync(later.inputFile(unused.sha256))).toBe(true);
      expect(await verifyLake(later, { deep: true })).toEqual([]);
      await later.close();
    });
  });

  test("is none while a manifest is damaged", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      const absolutePath = await writeBelow(workspace, "input/a", "1");
      await lake.pinInput({ absolutePath, path: "input/a", snapshot: true });
      const { version } = await storeVersion(lake);
      await lake.close();
      rmSync(join(lake.versionFolder("orders", version), "manifest.json"));
      const later = await openLake(workspace, laterClock());
      expect((await planVacuum(later)).inputs).toEqual([]);
      await later.close();
    }));

  test("removes what is damaged and published no longer, whatever room there is", () =>
    withFolder(async (workspace) => {
      const clock = laterClock();
      const lake = await openLake(workspace, { now: clock.now });
      const [old] = await publishMonths(lake, 1, () => ({ files: { "parquet/a.parquet": "old" } }));
      const { version } = await storeVersion(lake, { files: { "parquet/b.parquet": "draft" } });
      clock.pass(DAY_MS);
      await storeAndPublish(lake, { files: { "parquet/c.parquet": "new" } }, { runDate: month(1) });
      await lake.close();
      const again = await openLake(workspace, { now: clock.now });
      rmSync(join(again.versionFolder("orders", old!), "parquet/a.parquet"));
      const found = await verifyLake(again, { deep: false });
      expect(found.map(({ code }) => code)).toContain("file-missing");
      const plan = await planVacuum(again);
      expect(plan.versions).toMatchObject([{ version: old, reason: "damaged" }]);
      await vacuum(again, plan);
      expect(await verifyLake(again, { deep: false })).toEqual([]);
      expect(again.state.store("orders", version)).toBeDefined();
      await again.close();
    }));
});
