// The fault matrix as a table, made of what the fault tests wrote about themselves (tests/Faults/FaultRow.cs).
//
//   tests/run --full                                      leaves one line of JSON for each row and test in tests/TestResults/faults
//   node fault-matrix.mjs FOLDER [--out FAULTS.md]        prints the table of them, or writes it; exit 3 if a promise was broken,
//                                                         a control did not go red, or a row of every day is missing
//   node fault-matrix.mjs --self-test                     breaks good records and sees that each is noticed
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const rows = {
  F1: 'whole line, mixed faults without end',
  F2: 'whole line, then the faults stop',
  F3: 'power cut, simulated disk',
  F4: 'I/O error and full disk at every call',
  F5: 'kill -9, real processes',
  F6: 'power cut, real ext4',
  F7: 'I/O error and slow sync of the system',
  F8: 'disk full, then space again',
  F9: 'printer and its cable',
  F10: 'scanner',
  F11: 'platform and the network to it',
  F12: 'broker and the network to it',
  F13: 'bit rot',
  F14: 'old backup, clone, two PCs',
  F15: 'clock steps',
  F16: 'upgrade killed after each statement',
  F17: 'bytes from outside',
  F18: 'soak',
  C1: 'control: synchronous=NORMAL',
  C2: 'control: send before commit',
  C3: 'control: reprint of codes in doubt',
  C4: 'control: the printer repeats after errors',
  C5: 'control: verified without a read',
  C6: 'control: again after a failed COMMIT',
  C7: 'control: an upload that is not the same when it is sent again',
  C8: 'control: restored without fencing',
  C9: 'control: PASS before commit',
};
const fields = { row: 'string', what: 'string', test: 'string', tier: 'string', cycles: 'number', violations: 'number', seeds: 'string', seconds: 'number' };

function parse(text, place) {
  return text.split('\n').filter((line) => line.trim()).map((line, index) => {
    const at = `${place}:${index + 1}`;
    let record;
    try {
      record = JSON.parse(line);
    } catch {
      throw new Error(`${at}: not JSON`);
    }
    for (const [name, type] of Object.entries(fields)) if (typeof record[name] !== type) throw new Error(`${at}: "${name}" is no ${type}`);
    if (!(record.row in rows)) throw new Error(`${at}: row "${record.row}" is none of ${Object.keys(rows).join(', ')}`);
    return record;
  });
}

/** The cases of one test are one line: their counts add up. */
function summed(records) {
  const byKey = new Map();
  for (const record of records) {
    const key = [record.row, record.what, record.test, record.tier].join('\0');
    const sum = byKey.get(key) ?? { ...record, cycles: 0, violations: 0, seconds: 0, seeds: [] };
    for (const name of ['cycles', 'violations', 'seconds']) sum[name] += record[name];
    sum.seeds.push(...record.seeds.split(',').map((seed) => seed.trim()).filter(Boolean));
    byKey.set(key, sum);
  }
  return [...byKey.values()].map((sum) => ({ ...sum, seconds: Math.round(sum.seconds * 10) / 10, seeds: ranges(sum.seeds) }));
}

/** 1, 2, 3, 7 as 1..3, 7; what is no plain number stays as it is. */
function ranges(seeds) {
  const own = [...new Set(seeds)];
  const numbers = own.filter((seed) => /^\d{1,15}$/.test(seed)).map(Number).sort((a, b) => a - b);
  const found = own.filter((seed) => !/^\d{1,15}$/.test(seed)).sort();
  for (let from = 0, to; from < numbers.length; from = to + 1) {
    to = from;
    while (numbers[to + 1] === numbers[to] + 1) to++;
    found.push(from === to ? `${numbers[from]}` : `${numbers[from]}..${numbers[to]}`);
  }
  return found.join(', ');
}

// These mount a disk of their own: without root they are skipped, which is said and is no failure. The soak is nightly.
const mayBeMissing = ['F6', 'F8', 'F18'];

/** Rows that nobody wrote. */
function missingIn(records) {
  const written = new Set(records.map((r) => r.row));
  return Object.keys(rows).filter((row) => !written.has(row));
}

function faultsIn(records) {
  return records.flatMap((r) => {
    if (r.cycles <= 0) return [`${r.row} ${r.what}: nothing was done`];
    if (r.row.startsWith('C')) return r.violations > 0 ? [] : [`${r.row} ${r.what}: the control did not go red`];
    return r.violations === 0 ? [] : [`${r.row} ${r.what}: ${r.violations} violations`];
  });
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const number = (value) => value.toLocaleString('en-US');

function table(records) {
  const lines = [
    '# Fault matrix',
    '',
    'Made by `node tests/fault-matrix.mjs` of what the tests wrote about themselves; not to be edited by hand. A row F counts faults and',
    'broken promises, which must be 0. A row C is a control: the same check on a build that is wrong on purpose; its violations must',
    '*not* be 0. Tier *first* runs with `tests/run`, *full* with `tests/run --full`. Seconds are those of the PC that ran it.',
    '',
    '| row | fault | what was done | tier | cycles | violations | seeds | seconds | test |',
    '|---|---|---|---|--:|--:|---|--:|---|',
  ];
  for (const [row, title] of Object.entries(rows)) {
    const own = records.filter((r) => r.row === row);
    if (own.length === 0) lines.push(`| ${row} | ${title} | *not run* | | | | | | |`);
    own.sort((a, b) => a.tier.localeCompare(b.tier) || a.what.localeCompare(b.what));
    for (const r of own) {
      lines.push(
        `| ${row} | ${title} | ${cell(r.what)} | ${r.tier} | ${number(r.cycles)} | ${number(r.violations)} | ${cell(r.seeds) || '-'} | ${r.seconds} | \`${cell(r.test)}\` |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function read(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort();
  return summed(files.flatMap((name) => parse(readFileSync(join(folder, name), 'utf8'), name)));
}

function selfTest() {
  const good = { row: 'F5', what: 'killed | while printing', test: 'T', tier: 'first', cycles: 1200, violations: 0, seeds: '1..3', seconds: 1.5 };
  const control = { ...good, row: 'C1', violations: 4 };
  const text = (...records) => records.map((r) => JSON.stringify(r)).join('\n');
  const fine = summed(parse(text(good, { ...good, cycles: 100, seeds: '4, 9' }, { ...good, cycles: 0, seeds: '5' }, control), 'self'));
  if (fine.length !== 2 || faultsIn(fine).length !== 0) throw new Error('good records are not taken');
  if (!table(fine).includes('| F5 | kill -9, real processes | killed \\| while printing | first | 1,300 | 0 | 1..3, 4..5, 9 | 4.5 |')) throw new Error('the table is wrong');
  if (!table([]).includes('| F18 | soak | *not run* |')) throw new Error('a row that did not run is not shown');
  let noticed = 0;
  for (const bad of [{ ...good, violations: 1 }, { ...good, cycles: 0 }, { ...control, violations: 0 }]) {
    if (faultsIn([bad]).length !== 1) throw new Error(`not noticed: ${JSON.stringify(bad)}`);
    noticed++;
  }
  if (missingIn([]).length !== Object.keys(rows).length || missingIn(fine).includes('F5')) throw new Error('rows that are missing are not told');
  noticed++;
  for (const bad of ['{', text({ ...good, row: 'F99' }), ...Object.keys(fields).map((name) => text({ ...good, [name]: undefined }))]) {
    let refused = false;
    try {
      parse(bad, 'self');
    } catch {
      refused = true;
    }
    if (!refused) throw new Error(`taken: ${bad}`);
    noticed++;
  }
  console.log(`fault-matrix: ${noticed} broken records noticed`);
}

try {
  const args = process.argv.slice(2);
  if (args.includes('--self-test')) {
    selfTest();
  } else {
    const out = args.indexOf('--out') + 1;
    const folder = args.find((arg, index) => !arg.startsWith('--') && index !== (out || -1));
    if (!folder || (out && !args[out])) throw new Error('usage: node fault-matrix.mjs FOLDER [--out FILE]');
    const records = read(folder);
    const missing = missingIn(records);
    if (missing.includes('F18') && records.some((r) => r.tier === 'full')) throw new Error('F18 soak: not run, and the nightly tests were');
    for (const row of missing.filter((r) => mayBeMissing.includes(r))) console.error(`fault-matrix: ${row} ${rows[row]} was not run here`);
    const faults = records.length === 0 ? ['no fault test wrote anything'] : [...missing.filter((row) => !mayBeMissing.includes(row)).map((row) => `${row} ${rows[row]}: not run`), ...faultsIn(records)];
    if (out) writeFileSync(args[out], table(records));
    else process.stdout.write(table(records));
    for (const fault of faults) console.error(`fault-matrix: ${fault}`);
    process.exitCode = faults.length === 0 ? 0 : 3;
  }
} catch (error) {
  console.error(`fault-matrix: ${error.message}`);
  process.exitCode = 1;
}
