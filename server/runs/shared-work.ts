import { AppError, isAppError, messageOf } from "../base/errors.js";
import type { Progress } from "../engine/engine.js";
import type { Lease } from "../lake/leases.js";
import type { StepControl } from "./step-control.js";

/** Something stored that is held by whoever has this. */
export interface Leased<T> {
  readonly value: T;
  readonly lease: Lease;
}

export interface SharedAnswer<T> extends Leased<T> {
  /** Whether it was computed for this asker; the others shared it. */
  readonly isOwn: boolean;
}

interface Asker<T> {
  readonly control: StepControl;
  resolve(answer: Leased<T>): void;
  reject(error: unknown): void;
}

interface Work<T> {
  readonly controller: AbortController;
  readonly askers: Set<Asker<T>>;
  hasBegun: boolean;
  /** Never rejects. */
  ended: Promise<void>;
}

/**
 * What has a key is computed once at a time and shared by whoever asks for it meanwhile. It goes on as long as anybody
 * waits for it; who is cancelled, or is out of time, leaves the others to it.
 */
export class SharedWork<T> {
  readonly #works = new Map<string, Work<T>>();

  /** `compute` gets a control that speaks for all who wait. The answer's lease is this asker's own. */
  async run(
    key: string,
    control: StepControl,
    compute: (control: StepControl) => Promise<Leased<T>>,
  ): Promise<SharedAnswer<T>> {
    for (;;) {
      if (control.signal?.aborted === true) throw cancelled(control);
      const joined = this.#works.get(key);
      const isOwn = joined === undefined;
      const answer = await join(joined ?? this.#start(key, control, compute), control, isOwn);
      if (answer !== undefined) return { ...answer, isOwn };
    }
  }

  #start(
    key: string,
    { label, timeoutMs }: StepControl,
    compute: (control: StepControl) => Promise<Leased<T>>,
  ): Work<T> {
    const controller = new AbortController();
    const work: Work<T> = { controller, askers: new Set(), hasBegun: false, ended: Promise.resolve() };
    const control: StepControl = {
      label,
      signal: controller.signal,
      onCompute: () => {
        work.hasBegun = true;
        for (const asker of work.askers) asker.control.onCompute();
      },
      onProgress: (progress: Progress) => {
        for (const asker of work.askers) asker.control.onProgress?.(progress);
      },
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
    this.#works.set(key, work);
    // Not before the first asker has joined.
    const computed = Promise.resolve().then(() => {
      if (controller.signal.aborted) throw cancelled(control);
      return compute(control);
    });
    work.ended = computed.then(
      ({ value, lease }) => {
        this.#works.delete(key);
        for (const asker of work.askers) asker.resolve({ value, lease: lease.share() });
        lease.release();
      },
      (error: unknown) => {
        this.#works.delete(key);
        for (const asker of work.askers) asker.reject(error);
      },
    );
    return work;
  }
}

/** Undefined where the work was stopped for its first asker's sake, which is no answer to the others. */
function join<T>(work: Work<T>, control: StepControl, isOwn: boolean): Promise<Leased<T> | undefined> {
  const { signal, timeoutMs } = control;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      work.askers.delete(asker);
    };
    const leave = (error: AppError): void => {
      end();
      if (work.askers.size > 0) reject(error);
      else {
        // The last one waits, so that nothing goes on that nobody knows of.
        work.controller.abort();
        void work.ended.then(() => {
          reject(error);
        });
      }
    };
    const onAbort = (): void => {
      leave(cancelled(control));
    };
    const asker: Asker<T> = {
      control,
      resolve: (answer) => {
        end();
        resolve(answer);
      },
      reject: (error: unknown) => {
        end();
        if (!isOwn && isAppError(error, "cancelled", "timeout")) resolve(undefined);
        else reject(error instanceof Error ? error : new Error(messageOf(error)));
      },
    };
    work.askers.add(asker);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (isOwn) return;
    if (work.hasBegun) control.onCompute();
    // The work itself has the time that its first asker gave it.
    if (timeoutMs !== undefined)
      timer = setTimeout(() => {
        const seconds = String(timeoutMs / 1000);
        leave(new AppError("timeout", `"${control.label}" was stopped after its timeout of ${seconds} s`));
      }, timeoutMs);
  });
}

function cancelled({ label }: StepControl): AppError {
  return new AppError("cancelled", `"${label}" was cancelled`);
}
