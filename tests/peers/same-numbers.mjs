// Page and interface at one moment of the journal: every number must be the same (P10). Used by `operator-page.mjs`.

/** Both move on while the line runs; they are compared at a sequence number that both have shown. */
export async function sameNumbers(page, picture, until) {
  const fromPage = new Map();
  const fromInterface = new Map();
  const terms = [
    'leased',
    'available',
    'printing',
    'in_doubt',
    'rejected',
    'verified',
    'sampled',
    'void',
    'returned',
    'expired',
    'remainder',
  ];
  const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return until(
    'one as_of_seq on page and interface',
    async () => {
      const [shown, told] = await Promise.all([page.evaluate(readPage), picture()]);
      if (shown) fromPage.set(shown.seq, shown);
      fromInterface.set(told.asOfSeq, told);
      const seq = [...fromPage.keys()].find((one) => fromInterface.has(one));
      if (seq === undefined) return null;
      const [a, b] = [fromPage.get(seq), fromInterface.get(seq)];
      const differences = terms
        .filter((name) => a.account[name] !== b.account[camel(name)])
        .map((name) => `${name} ${a.account[name]} / ${b.account[camel(name)]}`);
      if (b.run && a.good !== b.runCounts.verified) differences.push(`good ${a.good} / ${b.runCounts.verified}`);
      if (a.account.remainder !== 0) differences.push(`remainder ${a.account.remainder}`);
      if (differences.length > 0) throw new Error(`at seq ${seq}, page / interface: ${differences.join(', ')}`);
      return `seq ${seq}, verified ${a.account.verified} of ${a.account.leased} leased`;
    },
    20,
  );
}

function readPage() {
  const number = (text) => Number((text ?? '').replace(/[^\d-]/g, ''));
  const terms = [...document.querySelectorAll('.equation [data-term]')];
  if (terms.length === 0) return null;
  return {
    seq: number(document.querySelector('.as-of')?.textContent),
    good: number(document.querySelector('.count-good .count-number')?.textContent),
    account: Object.fromEntries(terms.map((node) => [node.dataset.term, number(node.textContent)])),
  };
}
