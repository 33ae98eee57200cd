export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads server-sent events as a browser does. Close it in the end. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";
  /** Of the last block that had one, with or without an event. */
  lastEventId = "";

  constructor(response: Response) {
    if (response.status !== 200 || response.body === null)
      throw new Error(`no stream: ${String(response.status)}`);
    this.#reader = response.body.getReader();
  }

  /** Undefined at the end of the stream. */
  async next(): Promise<StreamedEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await this.#reader.read();
        if (done) return undefined;
        this.#text += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const event = this.#parse(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
      if (event !== undefined) return event;
    }
  }

  /** All events up to and including the first one of that name. */
  async until(name: string): Promise<StreamedEvent[]> {
    const events: StreamedEvent[] = [];
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      events.push(event);
      if (event.event === name) return events;
    }
    throw new Error(`the stream ended without ${name}, after ${events.map(({ event }) => event).join(", ")}`);
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  #parse(block: string): StreamedEvent | undefined {
    const fields = new Map(block.split("\n").map((line) => splitOnce(line)));
    this.lastEventId = fields.get("id") ?? this.lastEventId;
    const data = fields.get("data");
    if (data === undefined) return undefined;
    const parsed = JSON.parse(data) as StreamedEvent["data"];
    return { id: this.lastEventId, event: fields.get("event") ?? "message", data: parsed };
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(":");
  return [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
}
