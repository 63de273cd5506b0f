// The independent opinion on our MQTT 5 codec: npm mqtt-packet, driven line by line over standard input.
//
//   hex line   -> {"packets":[...]} as mqtt-packet reads these bytes (whole packets only), or {"error":"..."}
//   JSON line  -> {"hex":"..."} as mqtt-packet writes this packet, or {"error":"..."}
//
// Bytes inside a packet (payload, password, correlation data) stand as {"$hex":"..."} in both directions.
//   node codec-peer.mjs [--v4] | node codec-peer.mjs --self-test
import readline from 'node:readline';
import mqtt from 'mqtt-packet';

const protocolVersion = process.argv.includes('--v4') ? 4 : 5;

function answer(line) {
  try {
    return line.startsWith('{') ? { hex: write(JSON.parse(line)) } : { packets: read(line) };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

function read(hex) {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new Error(`not hexadecimal bytes: ${hex.slice(0, 40)}`);
  const packets = [];
  let failure = null;
  const parser = mqtt.parser({ protocolVersion });
  parser.on('packet', (packet) => packets.push(forJson(packet)));
  parser.on('error', (error) => {
    failure = error;
  });
  const bytes = Buffer.from(hex, 'hex');
  parser.parse(bytes);
  if (failure) throw failure;
  // The parser swallows the fixed header of a packet that has not ended yet, so what it left is no measure.
  const left = bytes.length - packets.reduce((sum, packet) => sum + sizeOf(packet.length), 0);
  if (left !== 0) throw new Error(`${left} bytes left over: the last packet is incomplete`);
  return packets;
}

function sizeOf(remainingLength) {
  let lengthBytes = 1;
  for (let rest = remainingLength; rest > 127; rest >>= 7) lengthBytes++;
  return 1 + lengthBytes + remainingLength;
}

function write(packet) {
  return mqtt.generate(fromJson(packet), { protocolVersion }).toString('hex');
}

function forJson(value) {
  if (Buffer.isBuffer(value)) return { $hex: value.toString('hex') };
  if (Array.isArray(value)) return value.map(forJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, forJson(inner)]));
}

function fromJson(value) {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$hex === 'string') return Buffer.from(value.$hex, 'hex');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}

function selfTest() {
  const cases = [
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      clientId: 'line-1',
      keepalive: 10,
      properties: { receiveMaximum: 20, sessionExpiryInterval: 0 },
      will: {
        topic: 'a/status',
        payload: { $hex: '7b7d' },
        qos: 1,
        retain: true,
        properties: { willDelayInterval: 0 },
      },
    },
    {
      cmd: 'publish',
      topic: 'a/state',
      qos: 1,
      messageId: 7,
      retain: true,
      dup: false,
      payload: { $hex: '7b2276223a317d' },
      properties: { contentType: 'application/json', payloadFormatIndicator: true },
    },
    { cmd: 'puback', messageId: 7, reasonCode: 16 },
    { cmd: 'pingreq' },
    { cmd: 'disconnect', reasonCode: 0 },
  ];
  for (const packet of cases) {
    const { hex, error } = answer(JSON.stringify(packet));
    const back = answer(hex ?? '').packets?.[0];
    if (
      error ||
      back?.cmd !== packet.cmd ||
      (packet.topic && back.topic !== packet.topic) ||
      (packet.payload && back.payload.$hex !== packet.payload.$hex)
    ) {
      throw new Error(`self-test: ${JSON.stringify(packet)} became ${hex ?? error} became ${JSON.stringify(back)}`);
    }
  }
  for (const bad of ['zz', '3005000161', 'f0', 'c0']) {
    if (!answer(bad).error) throw new Error(`self-test: ${bad} was taken`);
  }
  console.log(`codec-peer self-test: ${cases.length} packets written and read back, 4 broken ones refused`);
}

if (process.argv.includes('--self-test')) {
  selfTest();
} else {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim() !== '') process.stdout.write(`${JSON.stringify(answer(line.trim()))}\n`);
  }
}
