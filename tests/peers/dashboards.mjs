// Drives the dashboards that live on MQTT alone in Chromium: the operator page fed by the broker, and the Node-RED flow.
//
//   node dashboards.mjs page URL --broker wss://HOST:PORT --base TOPIC --user U --password P [common options]
//   node dashboards.mjs node-red URL [common options]
//
// Common: --line line-1 --shots DIR --seconds 60 --kill PID (ends the service with SIGKILL and waits until the page is
// grey). Always: live figures that grow, no button that could command anything, no console error. Exit code 0 only if all
// went well.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    line: { type: 'string', default: 'line-1' },
    broker: { type: 'string' },
    base: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
    kill: { type: 'string' },
    shots: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [mode, url] = positionals;
const limitMs = Number(options.seconds) * 1000;

async function step(name, act) {
  const result = await act();
  console.log(`  ok  ${name}${result ? `: ${result}` : ''}`);
}

async function until(what, ask) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${options.seconds} s: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

const numberOf = (text) => Number(text.replace(/[^\d]/g, '') || Number.NaN);

async function grows(locator) {
  const first = numberOf(await locator.innerText());
  return until('a figure that grows', async () => {
    const now = numberOf(await locator.innerText());
    return now > first ? `${first} to ${now}` : null;
  });
}

async function page(browserPage, shoot, wrong) {
  const address = (broker) => `${new URL('index.html', url)}?${new URLSearchParams({ broker, base: options.base })}#${options.line}`;
  const signIn = async (password) => {
    await browserPage.locator('input[name="user"]').fill(options.user);
    await browserPage.locator('input[name="password"]').fill(password);
    await browserPage.locator('form button[type="submit"]').click();
  };

  await step('speaks to the broker of the site and to no other', async () => {
    await browserPage.goto(address('wss://127.0.0.1:9'));
    const refused = browserPage.waitForEvent('console', (said) => said.text().includes('Content Security Policy'));
    await signIn('x');
    await refused;
    wrong.length = 0;
  });
  await step('a wrong password is said', async () => {
    await browserPage.goto(address(options.broker));
    await signIn('wrong');
    await until('refusal', async () => (await browserPage.locator('.remote-trouble').innerText()) !== '');
    await shoot('page-sign-in');
    return browserPage.locator('.remote-trouble').innerText();
  });
  const line = browserPage.locator('.line');
  await step('paints at once', async () => {
    const start = Date.now();
    await signIn(options.password);
    await line.locator('.state-bar:not([data-tone="none"])').waitFor();
    return `${Date.now() - start} ms`;
  });
  await step('figures grow', () => grows(line.locator('.actual')));
  await step('effectiveness with its window', async () => {
    await until('OEE', async () => /\d+ %/.test(await line.locator('.oee-availability').innerText()));
    return line.locator('#oee .quiet').first().innerText();
  });
  await step('no button that could command anything', async () => {
    const buttons = await browserPage.locator('button:visible, a[data-action]:visible').allInnerTexts();
    const left = buttons.filter((text) => !['中文', 'English', 'EN', ''].includes(text.trim()) && !/alarm|报警|content|内容/i.test(text));
    if (left.length > 0) throw new Error(`buttons: ${left.join(', ')}`);
  });
  await step('neither user nor password is kept', async () => {
    const kept = await browserPage.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    if (kept.includes(options.password)) throw new Error(kept);
  });
  await shoot('page-live');
  return () => line.evaluate((node) => node.classList.contains('is-stale'));
}

async function nodeRed(browserPage, shoot) {
  const line = browserPage.locator(`section[data-line="${options.line}"]`);
  await step('live within seconds', async () => {
    const start = Date.now();
    await browserPage.goto(url);
    await until('fresh and running', async () => (await line.getAttribute('data-stale')) === '' && (await line.getAttribute('data-state')) === 'Execute');
    return `${Date.now() - start} ms`;
  });
  await step('good items grow', () => grows(line.locator('.good')));
  await step('rate and effectiveness', async () => {
    await until('rate', async () => numberOf(await line.locator('.rate').innerText()) > 0);
    await until('OEE', async () => /\d+ %/.test(await line.locator('.oee').innerText()));
    return (await line.locator('.oee').innerText()).replace(/\s+/g, ' ');
  });
  await step('nothing is cut off', async () => {
    const [inner, frame] = await Promise.all([line.boundingBox(), browserPage.locator('.nrdb-ui-group, .v-card').first().boundingBox()]);
    if (frame.y + frame.height < inner.y + inner.height) throw new Error(`${JSON.stringify(frame)} cuts ${JSON.stringify(inner)}`);
  });
  await shoot('node-red-live');
  await step('every line has its state in words', () => line.locator('.state').innerText());
  return async () => (await line.getAttribute('data-stale')) === 'offline' && line.evaluate((node) => node.classList.contains('stale'));
}

const browser = await chromium.launch({
  executablePath: options.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ignoreHTTPSErrors: true });
  const browserPage = await context.newPage();
  browserPage.setDefaultTimeout(limitMs);
  const wrong = [];
  browserPage.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
  browserPage.on('console', (message) => {
    if (message.type() === 'error' && mode === 'page') wrong.push(`console: ${message.text()}`);
  });
  const shoot = async (name) => {
    if (!options.shots) return;
    fs.mkdirSync(options.shots, { recursive: true });
    await browserPage.screenshot({ path: path.join(options.shots, `${name}.png`), fullPage: true });
  };
  const isGrey = mode === 'page' ? await page(browserPage, shoot, wrong) : await nodeRed(browserPage, shoot);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  if (options.kill) {
    await step('grey within seconds when the service dies', async () => {
      process.kill(Number(options.kill), 'SIGKILL');
      const start = Date.now();
      await until('grey', isGrey);
      await shoot(`${mode}-grey`);
      return `${((Date.now() - start) / 1000).toFixed(1)} s`;
    });
  }
} finally {
  await browser.close();
}
