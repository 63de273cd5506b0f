// The live feed: topic and payload pairs over server-sent events, kept per line, with the age of what is known.
// It never gives up: a lost or silent stream is opened again for as long as the page is open.
const reopenAfterMs = 2000;
const defaultHeartbeatS = 15;
/** Heartbeats that may be missing before the numbers count as old. */
const heartbeatsMissed = 3;

export class Feed {
  /** line id -> { topics, heardAt (monotonic ms), heardMs (wall ms) } */
  lines = new Map();
  connected = false;
  #source = null;
  #openedAt = 0;
  #reopen = null;
  #changed;
  #clockOffsetMs = 0;

  constructor(changed) {
    this.#changed = changed;
    setInterval(() => this.#watch(), 1000);
  }

  open() {
    clearTimeout(this.#reopen);
    this.#source?.close();
    this.#openedAt = performance.now();
    const source = new EventSource('/events');
    this.#source = source;
    source.onopen = () => this.#setConnected(true);
    source.onmessage = (event) => this.#take(event.data);
    source.onerror = () => {
      this.#setConnected(false);
      // The browser retries by itself after a broken stream, but not after a refused one.
      if (source.readyState === EventSource.CLOSED && source === this.#source) {
        clearTimeout(this.#reopen);
        this.#reopen = setTimeout(() => this.open(), reopenAfterMs);
      }
    };
  }

  /** The service's clock: a phone's own clock may be minutes off. */
  now() {
    return Date.now() + this.#clockOffsetMs;
  }

  /** Sets the clock by the Date line of an answer; differences below its own resolution do not count. */
  learnClock(dateHeader) {
    const offset = Date.parse(dateHeader ?? '') + 500 - Date.now();
    this.#clockOffsetMs = Math.abs(offset) > 2000 ? offset : 0;
  }

  /** Null while the numbers of a line are fresh, else { sinceMs, offline }. */
  staleness(id) {
    const line = this.lines.get(id);
    if (!line) return { sinceMs: 0, offline: false };
    const offline = line.topics.status?.state === 'offline';
    const limitMs = (line.topics.status?.heartbeat_s ?? defaultHeartbeatS) * 1000 * heartbeatsMissed;
    const silent = performance.now() - line.heardAt > limitMs;
    return !this.connected || offline || silent ? { sinceMs: line.heardMs, offline } : null;
  }

  #take(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (typeof message?.topic !== 'string' || typeof message.line !== 'string' || typeof message.payload !== 'object')
      return;
    const line = this.lines.get(message.line) ?? { topics: {}, heardAt: 0, heardMs: 0 };
    this.lines.set(message.line, line);
    line.topics[message.topic] = message.payload;
    line.heardAt = performance.now();
    line.heardMs = this.now();
    this.#setConnected(true);
    this.#changed(message.line, message.topic);
  }

  #setConnected(connected) {
    if (this.connected !== connected) {
      this.connected = connected;
      this.#changed(null, null);
    }
  }

  /** A cable pulled out gives no error for minutes: silence beyond the limit opens a new stream. */
  #watch() {
    const heard = Math.max(this.#openedAt, ...[...this.lines.values()].map((line) => line.heardAt));
    const heartbeatS = Math.max(
      defaultHeartbeatS,
      ...[...this.lines.values()].map((line) => line.topics.status?.heartbeat_s ?? 0),
    );
    if (performance.now() - heard > heartbeatS * 1000 * heartbeatsMissed) {
      this.#setConnected(false);
      this.open();
    }
  }
}
