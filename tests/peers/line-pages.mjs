// Does at the pages of a line what a person does there, step by step, in Chromium.
//
//   node line-pages.mjs URL --line ID [--shots DIR] [--seconds 60] STEP...
//
// Steps: sign-in=NAME:PIN  sign-in-refused=NAME:PIN  badge=TEXT  wrong-pin=NAME:TIMES  unlock=NAME  sign-out
//        asks-for-sign-in=ACTION  start  pause  resume  end  clearance=FOUND  rework=TEXT:ANSWER  void  roll=LOT
//        apply-files  first-article  reprint-off[=PAGE]  approve  approve-refused  check  sample=TEXT
//        report[=CODE]  history=CODE:WORDS  look=PAGE
// Exit code 0 only if every step went as it should. look=PAGE takes pictures of a page on three screens in two languages.
import { parseArgs } from 'node:util';
import { lookEverywhere, withPage } from './page-driver.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    line: { type: 'string' },
    shots: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    language: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [base, ...steps] = positionals;
const lineId = options.line;

async function drive({ page, context, until, shoot }) {
  const at = (name) => `${base}#${lineId}${name === 'line' ? '' : `/${name}`}`;
  const open = async (name) => {
    await page.goto(at(name));
    await page.locator(`.page-tabs a[data-page="${name.split('/')[0]}"][aria-current]`).waitFor();
  };
  const dialog = page.locator('dialog[open]');
  const confirm = async () => {
    const who = dialog.locator('input[name="who"]');
    if ((await who.count()) > 0 && (await who.inputValue()) === '') await who.fill('page test');
    await dialog.locator('button[type="submit"]').click();
    await dialog.waitFor({ state: 'detached' });
  };
  const press = async (action) => {
    await page.locator(`[data-action="${action}"]`).click();
    await dialog.waitFor();
  };
  const state = (...wanted) => until(`state ${wanted.join(' or ')}`, async () => wanted.includes(await page.locator('.run-page').getAttribute('data-state')));
  const fillSignIn = async (name, pin) => {
    await dialog.locator('input[name="name"]').fill(name);
    for (const digit of pin) await dialog.locator(`.key:text-is("${digit}")`).click();
    await dialog.locator('button[type="submit"]').click();
  };
  const trouble = async () => {
    const words = page.locator('.trouble:visible').first();
    await words.waitFor();
    return words.innerText();
  };

  const doing = {
    async 'sign-in'(what) {
      const [name, pin] = what.split(':');
      await page.locator('#who').click();
      await fillSignIn(name, pin);
      await dialog.waitFor({ state: 'detached' });
      const me = await page.evaluate(async () => (await fetch('/api/me')).json());
      if (me.name !== name) throw new Error(`signed in is ${me.name}`);
      await until('the name at the top', async () => (await page.locator('#who').innerText()).includes(me.shown));
      const [cookie] = await context.cookies();
      if (!cookie.httpOnly || cookie.sameSite !== 'Strict' || cookie.secure !== base.startsWith('https:') || cookie.expires !== -1)
        throw new Error(`cookie ${JSON.stringify({ ...cookie, value: '' })}`);
      return `${me.shown}, ${me.roles.join(' ')}`;
    },
    async badge(text) {
      // No click: the scanner types, the page takes it.
      await open('line');
      await page.locator('.state-bar:not([data-tone="none"])').first().waitFor();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await until('signed in', async () => (await page.evaluate(async () => (await fetch('/api/me')).json())).name);
      await dialog.waitFor({ state: 'detached' });
    },
    async 'wrong-pin'(what) {
      const [name, times] = what.split(':');
      await page.locator('#who').click();
      let words = '';
      for (let i = 0; i < Number(times); i++) {
        await fillSignIn(name, '0000');
        words = await trouble();
        await until('asked', async () => dialog.locator('button[type="submit"]').isEnabled());
      }
      await shoot('locked-out');
      // The lock is the service's: another browser session does not help.
      await page.keyboard.press('Escape');
      await context.clearCookies();
      await page.reload();
      return words;
    },
    async 'sign-in-refused'(what) {
      const [name, pin] = what.split(':');
      await page.locator('#who').click();
      await fillSignIn(name, pin);
      const words = await trouble();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      return words;
    },
    async unlock(name) {
      await page.locator('#who').click();
      await dialog.locator(`[data-unlock="${name}"]`).click();
      await dialog.locator(`[data-unlock="${name}"]`).waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
    async 'sign-out'() {
      await page.locator('#who').click();
      await dialog.locator('button[type="submit"]').click();
      await dialog.waitFor({ state: 'detached' });
    },
    async 'asks-for-sign-in'(action) {
      await open('run');
      await press(action);
      await dialog.locator('input[name="pin"]').waitFor();
      await shoot('sign-in');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
    async start() {
      await open('run');
      // Without the renderer there are words instead of a picture, and the run can be started all the same.
      await page.route('**/preview/**', (route) => route.fulfill({ status: 404 }));
      await page.setViewportSize({ width: 390, height: 844 });
      await page.reload();
      await open('run');
      await press('start');
      await dialog.locator('.label-picture figcaption', { hasText: 'zpl-renderer-js' }).waitFor();
      await shoot('start-without-picture');
      await page.keyboard.press('Escape');
      await page.unroute('**/preview/**');
      await page.reload();
      await open('run');
      await press('start');
      await dialog.locator('.label-picture img').waitFor();
      await shoot('start-phone');
      await page.keyboard.press('Escape');
      await page.setViewportSize({ width: 1280, height: 800 });
      await press('start');
      await dialog.locator('.order input:checked').waitFor({ state: 'attached' });
      await dialog.locator('.label-picture img').waitFor();
      if (!(await dialog.locator('.label-picture img').evaluate((one) => one.decode().then(() => one.naturalWidth > 200)))) throw new Error('the picture of the label is none');
      await shoot('start');
      await confirm();
      await state('Execute', 'Suspended', 'Completing', 'Complete');
    },
    async 'apply-files'() {
      await page.setViewportSize({ width: 390, height: 844 });
      await open('line');
      await page.locator('#apply-files').waitFor();
      await shoot('changed-files');
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator('#apply-files').click();
      await shoot('apply-files');
      await dialog.locator('input[name="who"]').fill('bo');
      await confirm();
      await page.locator('#apply-files').waitFor({ state: 'hidden' });
    },
    async pause() {
      await open('run');
      await press('pause');
      await confirm();
      await state('Held');
    },
    async resume() {
      await open('run');
      await press('resume');
      await confirm();
    },
    async end() {
      await open('run');
      await press('end');
      await confirm();
      await state('Complete', 'Held');
    },
    async clearance(found) {
      await open('run');
      await press('clearance');
      for (const digit of found) await dialog.locator(`.key:text-is("${digit}")`).click();
      await confirm();
    },
    async rework(what) {
      const [text, wanted] = split(what);
      await open('rework');
      await page.locator('.rework-page[data-state]').waitFor();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      const card = page.locator('.rework-answer .card:visible');
      await card.waitFor();
      const answer = await card.getAttribute('data-answer');
      if (answer !== wanted) throw new Error(`the card says ${answer}`);
      return card.locator('.card-title').innerText();
    },
    async void() {
      await page.locator('.rework-answer [data-action="void"]').click();
      await page.locator('.notice.good').waitFor();
    },
    async roll(lot) {
      await open('run');
      await page.locator('[data-roll="media"]').click();
      await dialog.locator('input[name="lot"]').fill(lot);
      await confirm();
      await page.locator('.media', { hasText: lot }).waitFor();
    },
    async 'first-article'() {
      await open('run');
      // The line prints it by itself; a person has only to look.
      await page.locator('.first-article[data-first="to-approve"]').waitFor();
    },
    async 'reprint-off'(name) {
      await open(name || 'line');
      const card = page.locator('.reprint-off:visible');
      await card.waitFor();
      const text = await card.innerText();
      if (!text.includes('At each power-up') || !text.includes('开机')) throw new Error(`the card does not say it in both languages: ${text}`);
      await lookEverywhere(page, shoot, `reprint-off-${name || 'line'}`);
      await card.locator('[data-reprint-off]').click();
      await dialog.waitFor();
      await shoot('reprint-off-dialog');
      await confirm();
      await card.waitFor({ state: 'detached' });
    },
    async approve() {
      await open('run');
      await page.locator('[data-first-button="approve"]').click();
      await confirm();
      await page.locator('.first-article[data-first="approved"]').waitFor();
    },
    async 'approve-refused'() {
      await open('run');
      await page.locator('[data-first-button="approve"]').click();
      await dialog.locator('button[type="submit"]').click();
      const words = await trouble();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      return words;
    },
    async check() {
      await open('run');
      await page.locator('[data-check-button="startCheck"]').click();
      await confirm();
      await page.locator('.check[data-check="running"]').waitFor();
    },
    async sample(text) {
      await open('run');
      await press('sample');
      await dialog.locator('input[name="code"]').fill(text);
      await dialog.locator('input[name="why"]').fill('weekly');
      await confirm();
    },
    async report(code) {
      await open('report');
      const sheet = page.locator('.sheet[aria-busy="false"]');
      await sheet.waitFor();
      if (code) await sheet.locator('.is-exceptions', { hasText: code }).waitFor();
      if ((await sheet.locator('.differs').count()) > 0) throw new Error(`witnesses differ: ${await sheet.innerText()}`);
      const csv = await page.evaluate(async () => (await fetch(document.querySelector('a[download]').href)).text());
      if (!csv.replace(/^\uFEFF/, '').startsWith('code,state,') || (code && !csv.includes(code))) throw new Error(`CSV: ${csv.slice(0, 200)}`);
      return `${csv.trim().split('\n').length - 1} codes in the CSV`;
    },
    async history(what) {
      const [text, kind] = split(what);
      await open('history');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await page.locator('.story li').first().waitFor();
      const story = await page.locator('.story').innerText();
      if (!story.includes(kind)) throw new Error(story);
    },
    async look(name) {
      await open(name);
      await page.locator('main > :not(.changed-files)').first().waitFor();
      await until('fresh data', async () => (await page.locator('.state-bar[data-tone="none"]').count()) === 0);
      await lookEverywhere(page, shoot, name.replaceAll('/', '-'));
      if (name !== 'report') return;
      await page.emulateMedia({ media: 'print' });
      await shoot('report-print');
      await page.emulateMedia({ media: null });
    },
  };

  await page.goto(at('line'));
  for (const step of steps) {
    const [name, what] = [step.split('=')[0], step.slice(step.indexOf('=') + 1)];
    if (!doing[name]) throw new Error(`no step ${name}`);
    const said = await doing[name](step.includes('=') ? what : '').catch(async (error) => {
      await shoot('failed');
      throw new Error(`${step}: ${error.message.split('\nCall log')[0]}`);
    });
    console.log(`  ok  ${step.replace(/(sign-in=[^:]*|badge=).*/, '$1')}${said ? `: ${said}` : ''}`);
  }
}

/** Text and what follows its last colon: a scanned address has colons of its own. */
function split(text) {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}

try {
  await withPage(
    base,
    { executablePath: options.chromium, seconds: Number(options.seconds), shots: options.shots, language: options.language ?? null },
    drive,
  );
  console.log(`line-pages: ${steps.length} steps passed`);
} catch (error) {
  console.error(`line-pages: FAILED: ${error.message}`);
  process.exitCode = 1;
}
