/** Something that happened in an operation (a plan, an apply, a sync) that people may watch. */
export interface ProgressEvent {
  /** Grows by one within an operation; what a reader names to go on after it. */
  readonly id: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Channel {
  readonly events: ProgressEvent[];
  readonly listeners: Set<(event: ProgressEvent | null) => void>;
  next: number;
  hasEnded: boolean;
}

const KEPT_EVENTS = 200;
const KEPT_CHANNELS = 200;

/**
 * Passes on what operations of this process report. Keeps the last 200 events of the last 200 operations, so that a
 * reader who comes late, or again, misses little; the store alone knows how an operation ended.
 */
export class Progress {
  readonly #channels = new Map<string, Channel>();

  publish(operation: string, type: string, data: Readonly<Record<string, unknown>> = {}): void {
    const channel = this.#channel(operation);
    if (channel.hasEnded) return;
    const event = { id: (channel.next += 1), type, data };
    channel.events.push(event);
    if (channel.events.length > KEPT_EVENTS) channel.events.shift();
    for (const listener of channel.listeners) listener(event);
  }

  /** Tells every listener, with null, that nothing more will come. */
  end(operation: string): void {
    const channel = this.#channel(operation);
    channel.hasEnded = true;
    for (const listener of channel.listeners) listener(null);
    channel.listeners.clear();
  }

  /** Calls back with what came after `after`, then with what comes; returns how to stop. Null is the last call. */
  follow(operation: string, after: number, listener: (event: ProgressEvent | null) => void): () => void {
    const channel = this.#channels.get(operation);
    if (channel === undefined) {
      listener(null);
      return () => undefined;
    }
    for (const event of channel.events) if (event.id > after) listener(event);
    if (channel.hasEnded) {
      listener(null);
      return () => undefined;
    }
    channel.listeners.add(listener);
    return () => channel.listeners.delete(listener);
  }

  #channel(operation: string): Channel {
    const known = this.#channels.get(operation);
    if (known !== undefined) return known;
    for (const [old, channel] of this.#channels) {
      if (this.#channels.size < KEPT_CHANNELS) break;
      if (channel.hasEnded) this.#channels.delete(old);
    }
    const made: Channel = { events: [], listeners: new Set(), next: 0, hasEnded: false };
    this.#channels.set(operation, made);
    return made;
  }
}
