// The page on which things are done; it goes into the journal beside the name.
let screen = 'panel';

export function atScreen(name) {
  screen = name;
}

export function screenName() {
  return screen;
}
