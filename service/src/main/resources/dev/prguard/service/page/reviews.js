import { ask, change, link, place, range } from './app.js';
import { el, empty, table } from './elements.js';
import { dollars, duration, time } from './format.js';

const number = text => text === undefined || text === '' ? null : Number(text);

export function tag(text) {
  const kind = { reviewed: 'good', low: 'good', medium: 'warn', partial: 'warn', high: 'bad', critical: 'bad', not_reviewed: 'bad', error: 'bad' }[text] || 'dim';
  return text ? el('span', { class: 'tag ' + kind }, text) : '–';
}

export async function reviews() {
  const { from, to } = range();
  const { params } = place();
  const answer = await ask('/page/api/reviews', { start: from, end: to, limit: 500 });
  const all = answer.reviews.map(row => ({ ...row, ...read(row.attributes) }));
  const box = el('div');
  const search = el('input', { type: 'search', name: 'find', value: params.get('find') || '', placeholder: 'repository, author, number …', oninput: () => draw() });
  const options = (key, title) => el('label', {}, title, el('select', { name: key, onchange: e => change({ [key]: e.target.value }) },
    el('option', { value: '' }, 'Any'), [...new Set(all.map(row => row[key]).filter(Boolean))].sort().map(text =>
      el('option', { value: text, selected: params.get(key) === text }, text))));
  function draw() {
    const words = search.value.toLowerCase();
    const rows = all.filter(row =>
      (!params.get('status') || row.status === params.get('status')) &&
      (!params.get('risk') || row.risk === params.get('risk')) &&
      `${row.repository}#${row.number} ${row.author} ${row.url}`.toLowerCase().includes(words));
    box.replaceChildren(rows.length === 0
      ? empty(all.length === 0 ? 'No review in this range. A review sends its trace here when OTEL_EXPORTER_OTLP_ENDPOINT names this server, or it stands in the same data folder.' : 'No review matches.')
      : table(COLUMNS, rows, 'Reviews'),
      el('p', { class: 'dim' }, `${rows.length} of ${all.length} reviews${all.length === answer.limit ? ', the newest' : ''}`));
  }
  draw();
  return el('div', {}, el('h1', {}, 'Reviews'),
    el('form', { class: 'controls', onsubmit: e => e.preventDefault(), 'aria-label': 'Filter' },
      el('label', {}, 'Find', search), options('status', 'Status'), options('risk', 'Risk')), box);
}

function read(a) {
  return { status: a['workflow.status'], risk: a['risk.level'], findings: number(a['issues.found']), critical: number(a['issues.critical']), high: number(a['issues.high']),
    usd: number(a['cost.total_usd']), latency: number(a['latency.ms']), repository: a['pr.repository'] || '', number: a['pr.number'] || '', author: a['pr.author'] || '', url: a['pr.url'] || '' };
}

const COLUMNS = [
  { title: 'When (UTC)', value: row => row.startMs, cell: row => el('a', { href: link('review/' + row.traceId) }, time(row.startMs)) },
  { title: 'Pull request', value: row => row.repository + '#' + row.number.padStart(8, '0'), cell: row => row.repository ? `${row.repository}${row.number ? '#' + row.number : ''}` : row.url || '–' },
  { title: 'Author', value: row => row.author || null },
  { title: 'Status', value: row => row.status, cell: row => tag(row.status) },
  { title: 'Risk', value: row => ['low', 'medium', 'high', 'critical'].indexOf(row.risk), cell: row => tag(row.risk) },
  { title: 'Findings', value: row => row.findings, number: true },
  { title: 'Critical', value: row => row.critical, number: true },
  { title: 'Cost', value: row => row.usd, cell: row => row.usd === null ? 'unknown' : dollars(row.usd), number: true },
  { title: 'Latency', value: row => row.latency ?? row.durationMs, cell: row => duration(row.latency ?? row.durationMs), number: true }];
