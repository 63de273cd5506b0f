// What failed, and in which words, from the test results (.trx) of a run: `node tests/failures.mjs FILE.trx ...`.
// tests/run says it as the last thing before the totals, because a log is often cut to its end.
import { existsSync, readFileSync } from "node:fs";

const named = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const plain = (xml = "") => xml.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (_, hex, name) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : named[name]));

for (const file of process.argv.slice(2).filter(existsSync)) {
  for (const [, attributes, body] of readFileSync(file, "utf8").matchAll(/<UnitTestResult ([^>]*outcome="Failed"[^>]*)>([\s\S]*?)<\/UnitTestResult>/g)) {
    const part = (pattern, text) => plain(pattern.exec(text)?.[1]);
    const message = part(/<Message>([\s\S]*?)<\/Message>/, body) || "it said nothing";
    const places = part(/<StackTrace>([\s\S]*?)<\/StackTrace>/, body).split("\n").filter((line) => /:line \d+/.test(line));
    const place = places.find((line) => /[\\/]tests[\\/]/.test(line)) ?? places[0] ?? "";
    console.log(`\nFAILED ${part(/testName="([^"]*)"/, attributes)}\n${message.slice(0, 1200).trim()}\n${place.trim()}`);
  }
}
