// Renders labels (ZPL as it went over the wire) and decodes them with two decoders that share no code with us or with
// each other: zxing-wasm and zbarimg. Whoever calls this compares the texts with the ledger.
//
//   node render-decode.mjs IN_DIR OUT_JSON [--dpmm 12] [--width 60] [--height 40] [--keep PNG_DIR]
//   node render-decode.mjs IN_DIR OUT_JSON --around 10
//   node render-decode.mjs --self-test
//
// With --around MM each label is drawn a second time on a sheet that is so much larger to the right and below; black
// dots there are text or lines that left the label: `outside` counts them, and any is a failure.
//
// OUT_JSON: [{ file, label, zxing, zbar, symbols, version, ecLevel, error }]; `label` counts the formats in one file
// from 0; `zxing` and `zbar` are the text of the only QR code that the decoder saw, else null; `symbols` lists
// everything seen as "decoder:type:text". Exit code: 0 every label has one QR code and both decoders agree, 3 not so.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';

const FILES_PER_ZBAR_CALL = 400;
/** What may stand on a label or on the item beside it; asking for everything takes three times as long. */
const formats = ['QRCode', 'DataMatrix', 'Code128', 'EAN-13', 'EAN-8', 'ITF'];

export async function renderAndDecode(inDir, { dpmm = 12, width = 60, height = 40, keep = null, around = 0 } = {}) {
  const tools = await loadTools();
  const pngDir = keep ?? fs.mkdtempSync(path.join(os.tmpdir(), 'labels-'));
  fs.mkdirSync(pngDir, { recursive: true });
  try {
    const rows = [];
    for (const file of fs
      .readdirSync(inDir)
      .filter((name) => name.endsWith('.zpl'))
      .sort()) {
      rows.push(...(await renderFile(tools, path.join(inDir, file), file, pngDir, { dpmm, width, height, around })));
    }
    await zbarAll(rows, pngDir);
    return rows.map(({ png, ...row }) => row);
  } finally {
    if (keep === null) fs.rmSync(pngDir, { recursive: true, force: true });
  }
}

async function loadTools() {
  const { ready } = await import('zpl-renderer-js');
  const zxing = await import('zxing-wasm/reader');
  // Without this the package would fetch its wasm from a public server.
  const wasm = path.join(import.meta.dirname, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');
  await zxing.prepareZXingModule({ overrides: { wasmBinary: fs.readFileSync(wasm) }, fireImmediately: true });
  return { zpl: (await ready).api, zxing };
}

async function renderFile({ zpl, zxing }, fullName, file, pngDir, { dpmm, width, height, around }) {
  const source = fs.readFileSync(fullName, 'utf8');
  const rows = [];
  for (const [label, format] of formatsOf(source).entries()) {
    const row = {
      file,
      label,
      zxing: null,
      zbar: null,
      symbols: [],
      version: null,
      ecLevel: null,
      error: null,
      png: null,
    };
    rows.push(row);
    try {
      const png = Buffer.from(await zpl.zplToBase64Async(format, width, height, dpmm), 'base64');
      const seen = await zxing.readBarcodes(new Uint8Array(png), { formats, tryHarder: true, maxNumberOfSymbols: 16 });
      row.symbols.push(...seen.map((s) => `zxing:${s.format}:${s.text}`));
      const qr = seen.filter((s) => s.format === 'QRCode');
      if (qr.length === 1) {
        row.zxing = qr[0].text;
        row.version = qr[0].version;
        row.ecLevel = qr[0].ecLevel;
      }
      if (around > 0) {
        // The renderer would cut the sheet off where the label says that it ends.
        const sheet = format.replace(/\^(PW|LL)[0-9]+/g, '');
        row.outside = blackOutside(
          Buffer.from(await zpl.zplToBase64Async(sheet, width + around, height + around, dpmm), 'base64'),
          width * dpmm,
          height * dpmm,
        );
      }
      row.png = `${path.parse(file).name}-${label}.png`;
      fs.writeFileSync(path.join(pngDir, row.png), png);
    } catch (error) {
      row.error = String(error?.message ?? error);
    }
  }
  if (rows.length === 0) {
    rows.push({
      file,
      label: 0,
      zxing: null,
      zbar: null,
      symbols: [],
      version: null,
      ecLevel: null,
      error: 'no ^XA..^XZ in this file',
      png: null,
    });
  }
  return rows;
}

/** One piece of text per label; what stands between formats (status questions) is not a label. */
function formatsOf(source) {
  return source.match(/\^XA[\s\S]*?\^XZ/g) ?? [];
}

/** Black dots right of or below a place, in a PNG of 8-bit grey without interlacing, as the renderer writes it. */
function blackOutside(png, fromX, fromY) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  if (png[24] !== 8 || png[25] !== 0 || png[28] !== 0) throw new Error('PNG is not plain 8-bit grey');
  const packed = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const bytes = zlib.inflateSync(Buffer.concat(packed));
  let above = new Uint8Array(width);
  let black = 0;
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (width + 1)];
    const row = new Uint8Array(width);
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? row[x - 1] : 0;
      const corner = x > 0 ? above[x - 1] : 0;
      const [dl, du, dc] = [Math.abs(above[x] - corner), Math.abs(left - corner), Math.abs(left + above[x] - 2 * corner)];
      const paeth = dl <= du && dl <= dc ? left : du <= dc ? above[x] : corner;
      const guess = [0, left, above[x], (left + above[x]) >> 1, paeth][filter];
      row[x] = bytes[y * (width + 1) + 1 + x] + guess;
      if ((x >= fromX || y >= fromY) && row[x] < 128) black++;
    }
    above = row;
  }
  return black;
}

async function zbarAll(rows, pngDir) {
  const rendered = rows.filter((row) => row.png !== null);
  for (let i = 0; i < rendered.length; i += FILES_PER_ZBAR_CALL) {
    const part = rendered.slice(i, i + FILES_PER_ZBAR_CALL);
    const seen = readZbarXml(
      await runZbar(
        part.map((row) => row.png),
        pngDir,
      ),
    );
    for (const row of part) {
      const symbols = seen.get(row.png) ?? [];
      row.symbols.push(...symbols.map((s) => `zbar:${s.type}:${s.text}`));
      const qr = symbols.filter((s) => s.type === 'QR-Code');
      row.zbar = qr.length === 1 ? qr[0].text : null;
    }
  }
}

async function runZbar(files, cwd) {
  try {
    return (
      await promisify(execFile)('zbarimg', ['--quiet', '--nodbus', '--xml', ...files], { cwd, maxBuffer: 1 << 28 })
    ).stdout;
  } catch (error) {
    // Exit code 4: an image without a symbol. That is a finding, not a failure of the program.
    if (error.code === 4) return error.stdout;
    throw error;
  }
}

function readZbarXml(xml) {
  const found = new Map();
  for (const [, href, body] of xml.matchAll(/<source href='([^']*)'>([\s\S]*?)<\/source>/g)) {
    const symbols = [...body.matchAll(/<symbol type='([^']*)'[\s\S]*?<data[^>]*><!\[CDATA\[([\s\S]*?)\]\]><\/data>/g)];
    found.set(
      path.basename(href),
      symbols.map(([, type, text]) => ({ type, text })),
    );
  }
  return found;
}

const agrees = (row) => row.zxing !== null && row.zxing === row.zbar && !(row.outside > 0);

async function selfTest() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'self-test-'));
  const label = (qr, ean) =>
    '^XA^JZN^MCY^CI28^PON^PMN^LRN^FWN^LH0,0^LT0^BY2,3,10^CVY' +
    (qr ? `^FO40,40^BQN,2,6^FDMA,${qr}^FS` : '') +
    (ean ? `^FO360,330^BEN,60,Y,N^FD${ean}^FS` : '') +
    '^FO360,60^A0N,32,32^FDH012 3456 789A BCDE^FS^PQ1,0,0,N^XZ\r\n';
  const url = 'https://example.test/C/H0123456789ABCDE';
  fs.writeFileSync(path.join(dir, 'a-good.zpl'), `~JX\r\n~JA\r\n${label(url)}`);
  fs.writeFileSync(path.join(dir, 'b-two-labels-and-ean.zpl'), label(url, '690123456789') + label(`${url}2`));
  fs.writeFileSync(path.join(dir, 'c-no-code.zpl'), label(null));
  fs.writeFileSync(path.join(dir, 'd-covered.zpl'), label(url).replace('^PQ1', '^FO60,60^GB200,200,200^FS^PQ1'));
  try {
    const leaves = path.join(dir, 'leaves');
    fs.mkdirSync(leaves);
    fs.writeFileSync(path.join(leaves, 'a.zpl'), label(url));
    fs.writeFileSync(path.join(leaves, 'b.zpl'), label(url).replace('^PQ1', '^PW720^FO715,60^GB10,10,10^FS^PQ1'));
    const outside = (await renderAndDecode(leaves, { around: 10 })).map((row) => row.outside);
    // Half of a box of 10 x 10 dots; this renderer draws it a dot larger.
    if (outside[0] !== 0 || !(outside[1] >= 50)) throw new Error(`self-test: dots outside the label: ${outside}`);
    const rows = await renderAndDecode(dir);
    const got = rows.map((row) => [row.file[0], row.label, row.zxing, row.zbar]);
    const want = [
      ['a', 0, url, url],
      ['b', 0, url, url],
      ['b', 1, `${url}2`, `${url}2`],
      ['c', 0, null, null],
      ['d', 0, null, null],
    ];
    const eanSeen = rows[1].symbols.filter((s) => s.endsWith('6901234567892')).length;
    if (JSON.stringify(got) !== JSON.stringify(want) || eanSeen !== 2) {
      throw new Error(
        `self-test: expected ${JSON.stringify(want)} and the EAN seen twice, got ${JSON.stringify(rows, null, 1)}`,
      );
    }
    console.log('render-decode self-test: 7 labels, both decoders as expected');
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dpmm: { type: 'string', default: '12' },
      width: { type: 'string', default: '60' },
      height: { type: 'string', default: '40' },
      keep: { type: 'string' },
      around: { type: 'string', default: '0' },
      'self-test': { type: 'boolean', default: false },
    },
  });
  if (values['self-test']) return selfTest().then(() => 0);
  if (positionals.length !== 2) {
    console.error(
      'usage: node render-decode.mjs IN_DIR OUT_JSON [--dpmm 12] [--width 60] [--height 40] [--keep PNG_DIR]',
    );
    return 2;
  }

  const started = performance.now();
  const rows = await renderAndDecode(positionals[0], {
    dpmm: Number(values.dpmm),
    width: Number(values.width),
    height: Number(values.height),
    keep: values.keep ?? null,
    around: Number(values.around),
  });
  fs.writeFileSync(positionals[1], JSON.stringify(rows, null, 1));
  const bad = rows.filter((row) => !agrees(row));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `render-decode: ${rows.length} labels in ${seconds} s, ${rows.length - bad.length} decoded alike by both, ${bad.length} not`,
  );
  for (const row of bad.slice(0, 10)) {
    console.log(
      `  ${row.file}#${row.label}: zxing ${row.zxing ?? '-'} | zbar ${row.zbar ?? '-'}${row.outside > 0 ? ` | ${row.outside} dots outside` : ''}${row.error ? ` | ${row.error}` : ''}`,
    );
  }
  return rows.length > 0 && bad.length === 0 ? 0 : 3;
}

// The renderer's Go runtime keeps the event loop alive, so the end is explicit.
main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error?.message ?? error);
    process.exit(1);
  },
);
