// The same topic and payload pairs as `feed.js`, straight from the broker over WebSocket, for screens that see only the
// broker. It reads and never publishes. Everything retained paints at once; a lost link is tried again for ever.
import { connect, disconnect, PacketReader, pingReq, pubAck, subscribe } from './mqtt-packets.js';

const keepAliveS = 10;
const retryFirstMs = 1000;
const retryLongestMs = 15_000;
const heartbeatsMissed = 2;
const defaultHeartbeatS = 15;
/** CONNACK: bad user name or password, not authorized, banned. */
const refusals = [0x86, 0x87, 0x8a];

export class BrokerFeed {
  lines = new Map();
  connected = false;
  /** '' | 'refused' | 'away': why there is no connection. */
  trouble = '';
  #settings;
  #changed;
  #socket = null;
  #retryMs = retryFirstMs;
  #clockOffsetMs = 0;
  #answeredAt = 0;
  #timer = null;

  /** @param settings { broker, base, user, password } */
  constructor(settings, changed) {
    this.#settings = settings;
    this.#changed = changed;
  }

  open() {
    const socket = new WebSocket(this.#settings.broker, ['mqtt']);
    const reader = new PacketReader();
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#answeredAt = performance.now();
      const { user, password } = this.#settings;
      socket.send(connect({ clientId: `edgeline-view-${suffix()}`, user, password, keepAliveS }));
      this.#timer = setInterval(() => this.#keepAlive(socket), (keepAliveS * 1000) / 2);
    };
    socket.onmessage = (event) => {
      try {
        for (const packet of reader.take(new Uint8Array(event.data))) this.#take(socket, packet);
      } catch {
        socket.close();
      }
    };
    socket.onclose = () => this.#closed(socket);
  }

  close() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket?.readyState === WebSocket.OPEN) socket.send(disconnect());
    socket?.close();
    clearInterval(this.#timer);
  }

  /** The line PC's clock, learned from what it sends. */
  now() {
    return Date.now() + this.#clockOffsetMs;
  }

  learnClock() {}

  /** Null while the numbers of a line are fresh, else { sinceMs, offline }. */
  staleness(id) {
    const line = this.lines.get(id);
    if (!line) return { sinceMs: 0, offline: false };
    const offline = line.topics.status?.state !== 'online';
    const limitMs = (line.topics.status?.heartbeat_s ?? defaultHeartbeatS) * 1000 * heartbeatsMissed;
    const silent = performance.now() - line.heardAt > limitMs;
    return !this.connected || offline || silent ? { sinceMs: line.heardMs, offline } : null;
  }

  #take(socket, packet) {
    this.#answeredAt = performance.now();
    if (packet.type === 'connack') {
      if (packet.reason !== 0) {
        this.trouble = refusals.includes(packet.reason) ? 'refused' : 'away';
        socket.close();
        return;
      }
      socket.send(subscribe(1, [`${this.#settings.base}/+/edgeline/#`]));
    } else if (packet.type === 'suback') {
      if (packet.reasons.some((reason) => reason >= 0x80)) {
        this.trouble = 'refused';
        socket.close();
        return;
      }
      [this.trouble, this.#retryMs, this.connected] = ['', retryFirstMs, true];
      this.#changed(null, null);
    } else if (packet.type === 'publish') {
      if (packet.packetId !== 0) socket.send(pubAck(packet.packetId));
      this.#message(packet);
    } else if (packet.type === 'disconnect') {
      socket.close();
    }
  }

  #message({ topic, payload, retained }) {
    const rest = topic.startsWith(`${this.#settings.base}/`) ? topic.slice(this.#settings.base.length + 1) : '';
    const [, id, name] = /^([^/]+)\/edgeline\/([a-z]+)$/.exec(rest) ?? [];
    if (!name) return;
    let body;
    try {
      body = JSON.parse(payload);
    } catch {
      return;
    }
    if (typeof body !== 'object' || body === null) return;
    const line = this.lines.get(id) ?? { topics: {}, heardAt: -Infinity, heardMs: 0 };
    this.lines.set(id, line);
    line.topics[name] = body;
    // What the broker kept is no sign of life, but its word that the line is online is: the Will would have said else.
    if (!retained || name === 'status') line.heardAt = performance.now();
    line.heardMs = Math.max(line.heardMs, body.ts_ms ?? 0);
    if (!retained && name === 'heartbeat') this.#learn(body.ts_ms);
    this.#changed(id, name);
  }

  #learn(ms) {
    const offset = ms - Date.now();
    this.#clockOffsetMs = Math.abs(offset) > 2000 ? offset : 0;
  }

  #keepAlive(socket) {
    if (performance.now() - this.#answeredAt > keepAliveS * 1500) socket.close();
    else if (socket.readyState === WebSocket.OPEN) socket.send(pingReq());
  }

  #closed(socket) {
    clearInterval(this.#timer);
    if (socket !== this.#socket) return;
    this.connected = false;
    this.trouble = this.trouble === 'refused' ? 'refused' : 'away';
    this.#changed(null, null);
    // A refused password is not tried again by itself: three screens at it would lock the user out of some brokers.
    if (this.trouble === 'refused') return;
    setTimeout(() => socket === this.#socket && this.open(), this.#retryMs * (0.5 + random() / 2));
    this.#retryMs = Math.min(retryLongestMs, this.#retryMs * 2);
  }
}

// Two screens with one client id would push each other out for ever.
function suffix() {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((one) => one.toString(16).padStart(2, '0')).join('');
}

const random = () => crypto.getRandomValues(new Uint8Array(1))[0] / 256;
