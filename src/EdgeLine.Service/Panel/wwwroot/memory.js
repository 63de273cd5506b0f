// What this screen remembers. A kiosk browser may forbid storage; then it remembers until the page is loaded again.
const here = new Map();

export function recall(key) {
  try {
    return localStorage.getItem(`edgeline.${key}`);
  } catch {
    return here.get(key) ?? null;
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(`edgeline.${key}`, value);
  } catch {
    here.set(key, value);
  }
}
