// The words of the operator page: both languages have the same keys and the same places to fill in, and every stable
// key that the service can send has words. Used by `operator-page.mjs --self-test`.
import { languages } from '../../src/EdgeLine.Service/Panel/wwwroot/words.js';

const { en, zh } = languages;

const keysOfTheService = {
  reasons: `no-run config-refused run-out clearance printer-down printer-media-out printer-ribbon-out printer-head-open printer-paused
    printer-fault printer-reprints scanner-down gate-down bad-reads-in-row bad-read-bucket duplicate foreign voided-label-alive repeated-read gate-passed gate-missed reject-bin-full
    tracking-lost paused no-codes labels-missing codes-in-bin lease-expired manifest-unsigned manifest-tampered manifest-replayed manifest-refused batch-suspended clock-set-back storage-low unconfirmed-limit storage-slow target-met ended
    platform-down label-refused ledger-locked ledger-behind-copy ledger-damaged ledger-refused enrolled first-article first-article-refused scanner-check scanner-check-failed
    scanner-check-overdue`,
  alarms: `slip restart lease-near-end suspect-codes changeover verdict-late gate-reports-lost platform-refused account-remainder more-labels-than-possible mqtt-down mirror-down mqtt-takeover mqtt-other-writer
    mqtt-forbidden mqtt-parked reprint-off-unconfirmed printer-unknown-labels
    printer-reprint-key-on`,
  rejects: `no-read other-symbol several-codes duplicate foreign voided-label-alive repeat-of-last late uncounted gate-rejected tracking-lost surplus
    not-this-run no-run test-label`,
  people: 'signIn signOut locked unlock',
  roles: 'operator quality maintenance',
  kinds: `LedgerOpened Leased RunStarted Print Verified Rejected InDoubt Void Sampled Returned Expired ItemRejected Held Resumed Cleared
    RunEnded Restarted Intruder RunEnding AlarmHandled Person ScannerCheck FirstArticle MediaChanged ReplacementAsked RemoteCommand ReprintOff Enrolled`,
  entryReasons: `rework label-destroyed operator line-clearance never-sent signed-in signed-out locked-out refused unlocked started passed
    failed foreign-held test-label-read blank-rejected given-up printed read approved media ribbon run-ended second-label never-printed changeover confirmed`,
  witnesses: `codes-printed journal-prints codes-verified journal-verified line-count platform-confirmed platform-refused items-judged`,
  reworkReasons: 'gate-not-heard scan-again typed verified never-printed second-label accepted-just-now accepted-before',
  rework: 'looking accept destroy find-the-twin already-final not-ours other-run wait',
  voids: 'label-destroyed operator',
  refusals: `run-active not-running not-held found-negative found-missing payload-missing text-too-long no-such-alarm shelved-too-long not-shelved needs-sign-in role-missing locked-out sign-in-refused held labels-under-way check-running
    why-missing not-paused nothing-voided no-check blank-not-seen lot-missing unknown-roll no-first-article nothing-to-confirm printer-restarted not-verified no-run no-work no-such-order
    no-such-line verified-needs-supervisor already-final not-ours clearance more-labels-than-possible code-unknown reject-bin-full overtaken`,
  states: 'Clearing Stopped Starting Idle Suspended Execute Aborted Held Completing Complete',
  deviceStates: 'up down fault unknown',
  severities: 'critical high medium low',
};

export function checkWords() {
  const [english, chinese] = [flat(en), flat(zh)];
  const problems = [];
  for (const key of new Set([...english.keys(), ...chinese.keys()])) {
    const [a, b] = [english.get(key), chinese.get(key)];
    if (a === undefined || b === undefined) problems.push(`${key} only in ${a === undefined ? 'zh' : 'en'}`);
    else if (places(a) !== places(b)) problems.push(`${key}: ${places(a)} in en, ${places(b)} in zh`);
    else if (a !== '' && b.trim() === '') problems.push(`${key} is empty in zh`);
  }
  // Whoever stands before a line that lost its ledger or its time needs the way back, whatever the reason is called.
  for (const [words, tree] of Object.entries(languages)) {
    for (const key of Object.keys(tree.reasons).filter((k) => k.startsWith('ledger-') || k === 'clock-set-back'))
      if (!tree.reasons[key].join(' ').includes('config/RECOVERY.md')) problems.push(`${words} reasons.${key} does not name config/RECOVERY.md`);
  }
  for (const [family, keys] of Object.entries(keysOfTheService)) {
    for (const key of keys.split(/\s+/))
      if (!Object.hasOwn(en[family], key)) problems.push(`no words for ${family} ${key}`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return `${english.size} texts in each of two languages`;
}

function flat(tree, prefix = '', into = new Map()) {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`, into);
  }
  return into;
}

function places(text) {
  return (text.match(/\{\w+\}/g) ?? []).sort().join(' ');
}
