// The one way in which this page makes elements. Text becomes text nodes, never markup.
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

export function empty(text) {
  return el('p', { class: 'empty', role: 'status' }, text);
}

export function failure(error) {
  return el('p', { class: 'error', role: 'alert' }, error.message);
}

// A table whose columns a click sorts. Columns: { title, value(row), cell(row)?, number? }.
export function table(columns, rows, label) {
  let by = -1;
  let ascending = true;
  const body = el('tbody');
  const heads = columns.map((column, i) =>
    el('th', { scope: 'col', class: column.number ? 'num' : null },
      el('button', { type: 'button', onclick: () => sort(i) }, column.title)));
  const draw = sorted => body.replaceChildren(...sorted.map(row =>
    el('tr', {}, columns.map(column =>
      el('td', { class: column.number ? 'num' : null }, column.cell ? column.cell(row) : text(column.value(row)))))));
  function sort(i) {
    ascending = by === i ? !ascending : !columns[i].number;
    by = i;
    heads.forEach((head, at) => {
      if (at === i) head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
    draw([...rows].sort((a, b) => order(columns[i].value(a), columns[i].value(b)) * (ascending ? 1 : -1)));
  }
  draw(rows);
  return el('div', { class: 'scroll' },
    el('table', { 'aria-label': label }, el('thead', {}, el('tr', {}, heads)), body));
}

function order(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
}

function text(value) {
  return value === null || value === undefined ? '–' : String(value);
}
