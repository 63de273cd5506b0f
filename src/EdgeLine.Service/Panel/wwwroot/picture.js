// From the topics of a line to the one picture that every part of the page draws. The only file that knows the names
// inside the payloads.

const noCounts = { printed: 0, verified: 0, rejected: 0, no_read: 0, intruders: 0, unlabelled: 0, reworked: 0 };
export const accountTerms = [
  'available',
  'printing',
  'in_doubt',
  'rejected',
  'verified',
  'sampled',
  'void',
  'returned',
  'expired',
];

export function pictureOf(id, line, staleness, site) {
  const {
    state = {},
    batch = {},
    counts = {},
    codes = {},
    alarms = {},
    heartbeat = {},
    info = {},
    status = {},
    oee = null,
    rate = null,
  } = line?.topics ?? {};
  const known = site.lines.find((one) => one.id === id);
  const reason = state.reason ?? '';
  const name = state.packml?.state ?? 'Unknown';
  return {
    id,
    title: info.title || known?.title || id,
    bench: (info.station ?? known?.station) === 'bench',
    known: state.packml !== undefined,
    stale: staleness,
    state: name,
    tone: toneOf(name, reason),
    reason,
    reasonArgs: state.reason_args ?? {},
    sinceMs: state.since_ms ?? 0,
    actions: site.readOnly ? [] : actionsOf(state),
    problems: state.problems ?? [],
    rework: state.rework ?? null,
    check: state.check ?? { state: 'none', step: '', due_ms: 0, suspects: 0 },
    firstArticle: state.first_article ?? { state: 'none', code_tail: '' },
    reprintOff: state.reprint_off ?? { state: 'none', boot: 0, en: '', zh: '' },
    media: state.media ?? { media_lot: '', ribbon_lot: '', changed_ms: 0 },
    run: batch.run_id
      ? {
          id: batch.run_id,
          product: batch.product,
          batchNumber: batch.batch_number,
          target: batch.target,
          startedMs: batch.started_ms,
          startedBy: batch.started_by,
        }
      : null,
    counts: { ...noCounts, ...counts.run },
    inFlight: counts.in_flight ?? 0,
    verdicts: counts.last_verdicts ?? [],
    account: accountOf(counts.account),
    asOfSeq: counts.as_of_seq ?? 0,
    confirmedSeq: counts.confirmed_seq ?? 0,
    platformConfirmed: counts.platform_confirmed ?? 0,
    platformRefused: counts.platform_refused ?? 0,
    mirroredSeq: counts.mirrored_seq ?? null,
    onlyHereCodes: counts.only_here?.codes ?? 0,
    onlyHereSinceMs: counts.only_here?.oldest_ms ?? 0,
    codesLeft: codes.left,
    leaseExpiresMs: codes.lease_expires_ms ?? 0,
    devices: devicesOf(state, heartbeat.mqtt),
    alarms: alarms.alarms ?? [],
    alarmsBeyondList: alarms.more ?? 0,
    oee,
    rate,
    stopReason: state.stop_reason ?? null,
    version: status.version ?? '',
    boot: status.boot ?? '',
  };
}

/** What colour and shape a state has: run, busy, done, calm, wait (needs time), stop (needs a person). */
function toneOf(state, reason) {
  switch (state) {
    case 'Execute':
      return 'run';
    case 'Starting':
    case 'Completing':
    case 'Clearing':
      return 'busy';
    case 'Complete':
      return 'done';
    case 'Idle':
      return 'calm';
    case 'Suspended':
      return 'wait';
    case 'Held':
      return reason === 'paused' ? 'wait' : 'stop';
    case 'Stopped':
      return ['', 'no-run', 'ended'].includes(reason) ? 'calm' : 'stop';
    default:
      return 'stop';
  }
}

function actionsOf(state) {
  const offered = state.actions ?? [];
  // Whoever may bring a label to rework may also withdraw one; the service says no where it must not be.
  return offered.includes('rework') && !offered.includes('void') ? [...offered, 'void'] : offered;
}

/** The equation, worked out once more here: the page does not take the service's word for its own sum. */
function accountOf(account) {
  if (!account) return null;
  const sum = accountTerms.reduce((total, term) => total + (account[term] ?? 0), 0);
  const remainder = (account.leased ?? 0) - sum;
  return { ...account, remainder: remainder !== 0 ? remainder : (account.remainder ?? 0) };
}

function brokerOf(mqtt) {
  if (!mqtt) return { state: 'unknown' };
  if (!mqtt.configured) return { state: 'none' };
  if (!mqtt.connected) return { state: 'down', fault: 'mqtt-down', detail: mqtt.last_reason, backlog: mqtt.backlog };
  return { state: mqtt.alarm ? 'fault' : 'up', fault: mqtt.alarm ? `mqtt-${mqtt.alarm}` : '', backlog: mqtt.backlog };
}

function devicesOf(state, mqtt) {
  return [
    { name: 'printer', ...state.printer },
    { name: 'scanner', ...state.scanner },
    ...(state.gate ? [{ name: 'gate', ...state.gate }] : []),
    { name: 'broker', ...brokerOf(mqtt) },
    { name: 'platform', ...state.platform },
    ...(state.mirror ? [{ name: 'mirror', ...state.mirror }] : []),
  ];
}
