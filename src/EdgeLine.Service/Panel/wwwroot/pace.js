// How fast a run goes, and when it will end. Mean of the last five minutes; before that, of the run so far.
const windowMs = 5 * 60_000;
const enoughMs = 20_000;

export class Pace {
  #runId = null;
  #samples = [];

  /** Takes the good items of a run at a moment of the service's clock. */
  add(runId, good, nowMs) {
    if (runId !== this.#runId) [this.#runId, this.#samples] = [runId, []];
    const last = this.#samples.at(-1);
    if (runId && (!last || nowMs - last.nowMs >= 1000)) this.#samples.push({ nowMs, good });
    while (this.#samples.length > 0 && nowMs - this.#samples[0].nowMs > windowMs) this.#samples.shift();
  }

  /** Items per minute, or null when too little is known. */
  perMinute(run, good, nowMs) {
    const first = this.#samples[0];
    const [fromMs, from] =
      first && nowMs - first.nowMs >= enoughMs ? [first.nowMs, first.good] : [run?.startedMs ?? nowMs, 0];
    const spanMs = nowMs - fromMs;
    return run && spanMs >= 5000 && good > from ? ((good - from) * 60_000) / spanMs : null;
  }
}
