// The few packets of MQTT 5.0 that a reader needs, as bytes: CONNECT, SUBSCRIBE, PUBACK, PINGREQ out; CONNACK, SUBACK,
// PUBLISH (QoS 0 and 1), PINGRESP, DISCONNECT in. Everything else ends the connection.
const text = new TextEncoder();
const plain = new TextDecoder('utf-8', { fatal: true });

/** A packet larger than this is not ours, bytes. */
const packetMax = 256 * 1024;

export function connect({ clientId, user, password, keepAliveS }) {
  const flags = 0x02 | (user === '' ? 0 : 0x80) | (password === '' ? 0 : 0x40);
  return packet(0x10, [
    ...string('MQTT'),
    5,
    flags,
    ...uint16(keepAliveS),
    0,
    ...string(clientId),
    ...(user === '' ? [] : string(user)),
    ...(password === '' ? [] : string(password)),
  ]);
}

/** Retained messages come at once and keep their flag, so that old news can be told from live ones. */
export function subscribe(packetId, filters) {
  return packet(0x82, [...uint16(packetId), 0, ...filters.flatMap((filter) => [...string(filter), 0x01 | 0x08])]);
}

export const pubAck = (packetId) => packet(0x40, uint16(packetId));
export const pingReq = () => packet(0xc0, []);
export const disconnect = () => packet(0xe0, []);

/** Cuts a stream of bytes into packets: WebSocket frames do not end where packets end. */
export class PacketReader {
  #bytes = new Uint8Array(0);

  /** Every whole packet so far; throws when the other side does not speak MQTT 5. */
  *take(chunk) {
    const joined = new Uint8Array(this.#bytes.length + chunk.length);
    joined.set(this.#bytes);
    joined.set(chunk, this.#bytes.length);
    this.#bytes = joined;
    for (;;) {
      const head = variableInteger(this.#bytes, 1);
      if (this.#bytes.length < 2 || head === null) return;
      if (head.value > packetMax) throw new Error(`a packet of ${head.value} bytes`);
      const end = head.at + head.value;
      if (this.#bytes.length < end) return;
      const whole = this.#bytes.subarray(0, end);
      this.#bytes = this.#bytes.slice(end);
      yield read(whole[0], whole.subarray(head.at));
    }
  }
}

function read(first, body) {
  switch (first >> 4) {
    case 2:
      return { type: 'connack', reason: byte(body, 1) };
    case 3:
      return readPublish(first, body);
    case 9:
      return { type: 'suback', reasons: [...body.subarray(afterProperties(body, 2))] };
    case 13:
      return { type: 'pingresp' };
    case 14:
      return { type: 'disconnect', reason: body.length > 0 ? body[0] : 0 };
    default:
      throw new Error(`packet type ${first >> 4} is not spoken here`);
  }
}

function readPublish(first, body) {
  const qos = (first >> 1) & 3;
  if (qos > 1) throw new Error('QoS 2 was not asked for');
  const topicEnd = 2 + ((byte(body, 0) << 8) | byte(body, 1));
  const topic = plain.decode(part(body, 2, topicEnd));
  const packetId = qos === 1 ? (byte(body, topicEnd) << 8) | byte(body, topicEnd + 1) : 0;
  const payload = body.subarray(afterProperties(body, topicEnd + (qos === 1 ? 2 : 0)));
  return { type: 'publish', topic, packetId, retained: (first & 1) === 1, payload: plain.decode(payload) };
}

function afterProperties(body, at) {
  const length = variableInteger(body, at);
  if (length === null) throw new Error('a packet that ends too early');
  return length.at + part(body, length.at, length.at + length.value).length;
}

function part(bytes, from, to) {
  if (to > bytes.length) throw new Error('a packet that ends too early');
  return bytes.subarray(from, to);
}

const byte = (bytes, at) => part(bytes, at, at + 1)[0];

/** `{ value, at }` with the place behind it; null while bytes are missing. */
function variableInteger(bytes, from) {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (from + i >= bytes.length) return null;
    value += (bytes[from + i] & 0x7f) * 128 ** i;
    if (bytes[from + i] < 0x80) return { value, at: from + i + 1 };
  }
  throw new Error('a length of more than four bytes');
}

function packet(first, body) {
  const length = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return new Uint8Array([first, ...length, ...body]);
}

function string(value) {
  const bytes = text.encode(value);
  return [...uint16(bytes.length), ...bytes];
}

const uint16 = (number) => [(number >> 8) & 255, number & 255];
