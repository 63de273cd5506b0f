// Drives the real operator page of a running service in Chromium, as an operator would, and holds what it shows
// against the service's own interface.
//
//   node operator-page.mjs URL [--line line-1] [--start] [--pause] [--rework TEXT] [--language zh|en] [--expect TEXT]...
//                          [--kill PID] [--shots DIR] [--seconds 60] [--chromium /usr/bin/chromium]
//   node operator-page.mjs --self-test      the words of the page: both languages, every key of the service
//
// Always: every line has a card, the numbers of the page equal /api/lines at the same as_of_seq, the equation closes,
// the language switches and back, touch targets are large enough, nothing leaves this PC, no console error.
// --language presses the language button if need be; --start presses Start and waits until the counts grow; --pause pauses and resumes; --rework lets a typing scanner
// bring this text to the rework table and waits for the answer; --expect waits for a text on the line's page; --kill
// ends the service with SIGKILL as the last step and waits until the page says so. Exit code 0 only if all went well.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { checkWords } from './page-words.mjs';
import { sameNumbers } from './same-numbers.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    line: { type: 'string' },
    start: { type: 'boolean' },
    pause: { type: 'boolean' },
    rework: { type: 'string' },
    language: { type: 'string' },
    expect: { type: 'string', multiple: true, default: [] },
    kill: { type: 'string' },
    shots: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    'self-test': { type: 'boolean' },
  },
});
const limitMs = Number(options.seconds) * 1000;
const steps = [];

async function step(name, act) {
  const result = await act();
  steps.push(name);
  console.log(`  ok  ${name}${result ? `: ${result}` : ''}`);
}

/** Asks again until there is an answer, as long as the limit lets it. */
async function until(what, ask, everyMs = 50) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${options.seconds} s: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}

async function drive(base) {
  const api = async (where) => {
    const response = await fetch(new URL(where, base));
    if (!response.ok) throw new Error(`${where} answers ${response.status}`);
    return response.json();
  };
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    page.setDefaultTimeout(limitMs);
    const wrong = [];
    let serviceKilled = false;
    page.on('console', (message) => {
      if (message.type() === 'error' && !serviceKilled) wrong.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(base).origin) wrong.push(`request to ${request.url()}`);
    });
    const shoot = async (name) => {
      if (!options.shots) return;
      fs.mkdirSync(options.shots, { recursive: true });
      await page.screenshot({ path: path.join(options.shots, `${name}.png`) });
    };

    await page.goto(base);
    const lines = await until('the service names its lines', async () =>
      (await api('/api/lines')).map((line) => ({ id: line.lineId, title: line.title })),
    );
    const lineId = options.line ?? lines[0].id;
    const view = page.locator('.line');
    const picture = async () => (await api('/api/lines')).find((line) => line.lineId === lineId);

    await step('every line has a card with live data', async () => {
      for (const line of lines) {
        const card = page.locator(`.line-card[href="#${encodeURIComponent(line.id)}"]`);
        await card.filter({ hasText: line.title }).waitFor();
        await until(
          `fresh data of ${line.id}`,
          async () => (await card.locator('.state-bar:not([data-tone="none"])').count()) === 1,
        );
      }
      await shoot('all-lines');
      return lines.map((line) => line.id).join(', ');
    });

    await step('the card opens the line', async () => {
      await page.locator(`.line-card[href="#${encodeURIComponent(lineId)}"]`).click();
      await view.locator('.state-bar:not([data-tone="none"])').waitFor();
      await shoot('line');
      return view.locator('.state-name').innerText();
    });

    if (options.language) {
      await step(`in ${options.language}`, async () => {
        const lang = () => page.evaluate(() => document.documentElement.lang);
        if (!(await lang()).startsWith(options.language)) await page.locator('#language').click();
        await until(`language ${options.language}`, async () => (await lang()).startsWith(options.language));
      });
    }

    for (const text of options.expect) {
      await step(`shows "${text}"`, async () => {
        await view.getByText(text, { exact: false }).first().waitFor();
      });
    }

    if (options.start) {
      await step('Start, choose the first order, say who', async () => {
        await view.locator('[data-action="start"]').click();
        const dialog = page.locator('dialog[open]');
        await dialog.locator('.order input:checked').waitFor({ state: 'attached' });
        const product = await dialog.locator('.order:has(input:checked) .order-product').innerText();
        await dialog.locator('input[name="who"]').fill('page test');
        await dialog.locator('button[type="submit"]').click();
        await dialog.waitFor({ state: 'detached' });
        return product;
      });
      await step('runs', async () => {
        await until('state of the line is Execute or beyond', async () =>
          ['Execute', 'Completing', 'Complete'].includes(await view.getAttribute('data-state')),
        );
        await shoot('running');
      });
      await step('counts grow', async () => {
        const first = (await shownNumber(view.locator('.actual'))) ?? 0;
        return until('more good items', async () => {
          const now = await shownNumber(view.locator('.actual'));
          return now > first ? `${first} to ${now}` : null;
        });
      });
    }

    await step('page and interface show the same numbers at the same as_of_seq', () =>
      sameNumbers(page, picture, until),
    );

    if (options.pause) {
      await step('Pause and Resume', async () => {
        for (const [action, wanted] of [
          ['pause', 'Held'],
          ['resume', 'Execute'],
        ]) {
          await view.locator(`[data-action="${action}"]`).click();
          const dialog = page.locator('dialog[open]');
          await dialog.locator('input[name="who"]').fill('page test');
          await dialog.locator('button[type="submit"]').click();
          await dialog.waitFor({ state: 'detached' });
          await until(`state ${wanted}`, async () => (await view.getAttribute('data-state')) === wanted);
          await shoot(action);
        }
      });
    }

    if (options.rework !== undefined) {
      await step('a typing scanner reaches the rework table', async () => {
        await page.keyboard.type(options.rework);
        const dialog = page.locator('dialog[open]');
        if ((await dialog.locator('input[name="who"]').inputValue()) === '')
          await dialog.locator('input[name="who"]').fill('page test');
        await dialog.locator('input[name="code"]').press('Enter');
        const card = dialog.locator('.card');
        await card.waitFor();
        const answer = `${await card.getAttribute('data-answer')} (${(await card.locator('.card-title').innerText()).trim()})`;
        await shoot('rework');
        await page.keyboard.press('Escape');
        return answer;
      });
    }

    await step('speaks both languages', async () => {
      const before = await page.evaluate(() => document.documentElement.lang);
      for (const wanted of [before === 'en' ? 'zh-CN' : 'en', before]) {
        await page.locator('#language').click();
        await page.waitForFunction((lang) => document.documentElement.lang === lang, wanted);
        await view.locator('.state-bar:not([data-tone="none"])').waitFor();
        const holes = await page.evaluate(() =>
          document.body.innerText.match(/undefined|NaN|\[object|\{\w+\}|\b(?:page|dialog|actions)\.\w+/g),
        );
        if (holes) throw new Error(`${wanted}: ${holes.join(', ')} on the page`);
        await shoot(`line-${wanted}`);
      }
    });

    await step('fits phone, panel and wall; touch targets are at least 44 px high', async () => {
      for (const [width, height] of [
        [390, 844],
        [1280, 800],
        [1920, 1080],
      ]) {
        await page.setViewportSize({ width, height });
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('button:not(.skip), .tabs a')]
            .filter((node) => node.offsetParent !== null && node.getBoundingClientRect().height < 44)
            .map((node) => node.textContent),
        );
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (small.length > 0 || wider > 0)
          throw new Error(`${width}x${height}: small ${JSON.stringify(small)}, ${wider} px too wide`);
        await shoot(`line-${width}x${height}`);
      }
    });

    if (options.kill) {
      await step('a dead service is shown as old data without buttons', async () => {
        serviceKilled = true;
        process.kill(Number(options.kill), 'SIGKILL');
        await view.locator('.state-bar[data-tone="none"]').waitFor();
        if ((await view.locator('.actions button').count()) > 0) throw new Error('there are still buttons');
        await shoot('no-data');
        return view.locator('.state-name').innerText();
      });
    }

    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    await step('no console error, no request to another host', async () => {});
  } finally {
    await browser.close();
  }
}

async function shownNumber(locator) {
  const digits = (await locator.innerText()).replace(/[^\d]/g, '');
  return digits === '' ? null : Number(digits);
}

try {
  if (options['self-test']) {
    console.log(`operator-page self-test: ${checkWords()}`);
  } else if (positionals.length !== 1) {
    console.error(
      'usage: node operator-page.mjs URL [--line ID] [--start] [--pause] [--rework TEXT] [--expect TEXT] [--kill PID] [--shots DIR] [--seconds 60]',
    );
    process.exitCode = 2;
  } else {
    await drive(positionals[0]);
    console.log(`operator-page: ${steps.length} steps passed`);
  }
} catch (error) {
  console.error(`operator-page: FAILED after ${steps.length} steps: ${error.message.split('\nCall log')[0]}`);
  process.exitCode = 1;
}
