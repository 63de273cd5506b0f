// What the programs that drive our pages have in common: a browser, patience, pictures, and what no page may do.
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const sizes = [
  [390, 844],
  [1280, 800],
  [1920, 1080],
];

/** Opens a browser at an address and hands `drive` what it needs; throws when the page did something it must not do. */
export async function withPage(base, { executablePath, seconds, shots, language = null }, drive) {
  const limitMs = seconds * 1000;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ignoreHTTPSErrors: true });
    if (language) await context.addInitScript((wanted) => localStorage.setItem('edgeline.language', wanted), language);
    const page = await context.newPage();
    page.setDefaultTimeout(limitMs);
    const wrong = [];
    page.on('console', (message) => {
      // A refusal of the service is an answer; the browser writes every status from 400 on into its console.
      if (message.type() === 'error' && !/status of (401|403|404|409|429)/.test(message.text())) wrong.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(base).origin) wrong.push(`request to ${request.url()}`);
    });
    const until = (what, ask) => patience(what, ask, limitMs);
    const shoot = async (name) => {
      if (!shots) return;
      fs.mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
    };
    const result = await drive({ page, context, until, shoot });
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    return result;
  } finally {
    await browser.close();
  }
}

/** Asks again until there is an answer, as long as the limit lets it. */
export async function patience(what, ask, limitMs, everyMs = 50) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}

/** Both languages, three screens: no hole in the words, nothing wider than the screen, nothing too small to touch. */
export async function lookEverywhere(page, shoot, name) {
  for (const language of ['zh-CN', 'en']) {
    if ((await page.evaluate(() => document.documentElement.lang)) !== language) await page.locator('#language').click();
    await page.waitForFunction((lang) => document.documentElement.lang === lang, language);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
      const { holes, small, wider, cut } = await page.evaluate(judge);
      await shoot(`${name}-${language}-${width}x${height}`);
      if (holes || small.length > 0 || wider > 0 || cut.length > 0)
        throw new Error(
          `${name} ${language} ${width}x${height}: holes ${holes}, small ${JSON.stringify(small)}, ${wider} px too wide, cut ${JSON.stringify(cut)}`,
        );
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

// Runs in the page.
function judge() {
  const seen = (node) => node.offsetParent !== null && node.getClientRects().length > 0;
  const touchable = [...document.querySelectorAll('button:not(.skip), main a:not(td a), .page-tabs a, input, select')].filter(seen);
  return {
    holes: document.body.innerText.match(/undefined|NaN|\[object|\{\w+\}|\b(?:page|dialog|actions|runPage|report|people|history|reworkPage)\.\w+/g),
    small: touchable
      .filter((node) => !node.matches('[type="radio"], .small, .state-alarms') && node.getBoundingClientRect().height < 47.5)
      .map((node) => node.textContent || node.name),
    wider: document.documentElement.scrollWidth - window.innerWidth,
    cut: touchable
      .filter((node) => node.matches('button, a') && !node.matches('#who, .tools *') && node.scrollWidth > node.clientWidth + 1)
      .map((node) => node.textContent),
  };
}
