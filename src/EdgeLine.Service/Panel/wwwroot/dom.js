// Building and changing the page. Text only ever enters through textContent, so data cannot become markup.

/** `el('p', { class: 'big', onclick }, 'text', child)`: attributes, listeners (`on...`), children; null children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Changes only what differs: a screen reader stays quiet and a selection stays. */
export function setText(node, text) {
  const wanted = text ?? '';
  if (node.textContent !== wanted) node.textContent = wanted;
}

export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Runs `build` and puts its nodes into `parent`, but only when `facts` differ from last time: focus stays where it was. */
export function rebuild(parent, facts, build) {
  const mark = JSON.stringify(facts);
  if (parent.builtFrom !== mark) {
    parent.builtFrom = mark;
    parent.replaceChildren(...build().filter((child) => child !== null && child !== undefined));
  }
}
