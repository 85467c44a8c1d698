import { change, place } from './app.js';
import { el } from './elements.js';

export async function report() {
  const { params } = place();
  const month = params.get('month') || new Date().toISOString().slice(0, 7);
  const address = '/page/api/report?month=' + encodeURIComponent(month);
  return el('div', {}, el('h1', {}, 'Report'),
    el('form', { class: 'controls', onsubmit: e => e.preventDefault() },
      el('label', {}, 'Month (UTC)', el('input', { type: 'month', name: 'month', value: month, onchange: e => change({ month: e.target.value }) })),
      el('a', { href: address, target: '_blank', rel: 'noopener' }, 'Open alone, to print or to save')),
    el('iframe', { src: address, title: 'Report of ' + month, sandbox: 'allow-scripts' }));
}
