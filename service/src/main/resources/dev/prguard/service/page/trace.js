import { ask, link } from './app.js';
import { el, empty, table } from './elements.js';
import { attributes, dollars, duration, hex, time } from './format.js';
import { grafanaButton } from './grafana.js';
import { costs, isReview, outside, review } from './review.js';
import { ms, read, tree } from './spans.js';
import { tag } from './reviews.js';

export async function trace(id) {
  if (!/^[0-9a-f]{1,32}$/i.test(id)) return empty('A trace id has up to 32 hexadecimal digits.');
  const answer = await ask('/api/v2/traces/' + id);
  const spans = read(answer.trace);
  if (spans.length === 0) return empty(`There is no trace ${id}: it was never sent here, or it was removed.`);
  const from = spans.reduce((least, span) => span.start < least ? span.start : least, spans[0].start);
  const to = spans.reduce((most, span) => span.end > most ? span.end : most, spans[0].end);
  const rows = tree(spans);
  const root = rows[0].span;
  const window = () => ({ from: Math.floor(ms(from, 0n) / 1000) - 3600, to: Math.ceil(ms(to, 0n) / 1000) + 3600 });
  return el('div', {}, el('h1', {}, title(root)), facts(root, spans, from, to, id), el('p', {}, grafanaButton(() => id, window)),
    isReview(root) ? review(root, spans) : null, costs(spans),
    el('h2', {}, 'Spans'),
    el('ol', { class: 'waterfall' }, rows.map(row => line(row, from, to))));
}

function title(root) {
  const a = root.attributes;
  return a['pr.repository'] ? `Review of ${a['pr.repository']}${a['pr.number'] ? '#' + a['pr.number'] : ''}` : root.name || '(no name)';
}

function facts(root, spans, from, to, id) {
  const a = root.attributes;
  const usd = a['cost.total_usd'];
  const list = [
    ['Started (UTC)', time(ms(from, 0n))], ['Took', duration(ms(to, from))], ['Spans', spans.length],
    ['Status', tag(a['workflow.status'] || root.status || 'unset')], ['Risk', a['risk.level'] && tag(a['risk.level'])],
    ['Cost', a['cost.priced'] === 'false' ? `unknown${usd === undefined ? '' : ', at least ' + dollars(Number(usd))}` : usd === undefined ? null : dollars(Number(usd))],
    ['Tokens', a['workflow.tokens.total']], ['Author', a['pr.author']], ['Commit', a['pr.head_sha']?.slice(0, 12)],
    ['Pull request', a['pr.url'] && outside(a['pr.url'])], ['Trace', id]];
  return el('dl', { class: 'facts' }, list.filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value instanceof Node ? value : String(value)))));
}

function line({ span, depth }, from, to) {
  const whole = Math.max(ms(to, from), 1e-6);
  const at = nanos => Math.min(100, Math.max(0, ms(nanos, from) / whole * 100)) + '%';
  const bar = el('i');
  bar.style.left = at(span.start);
  bar.style.width = Math.max(0.2, ms(span.end, span.start) / whole * 100) + '%';
  const marks = span.events.slice(0, 100).map(event => {
    const mark = el('b', { title: event.name || 'event' });
    mark.style.left = at(BigInt(event.timeUnixNano || 0));
    return mark;
  });
  const label = el('span', { class: 'name' + (span.status === 'error' ? ' bad' : ''), title: span.name }, (span.status === 'error' ? '✖ ' : '') + (span.name || '(no name)'));
  label.style.paddingLeft = Math.min(depth, 12) * 14 + 'px';
  const usd = span.attributes['cost.usd'] ?? span.attributes['gen_ai.usage.cost'];
  let details = null;
  const button = el('button', { type: 'button', 'aria-expanded': 'false', onclick: () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (!details) item.append(details = more(span, from));
    details.hidden = open;
  } }, label, el('span', { class: 'lane s' + (span.kind === 'client' ? 1 : span.status === 'error' ? 4 : 0) }, bar, marks),
  el('span', { class: 'num' }, duration(ms(span.end, span.start))), el('span', { class: 'num' }, usd === undefined ? '' : dollars(Number(usd))));
  const item = el('li', {}, button);
  return item;
}

function more(span, from) {
  const pairs = (name, map, head = null) => Object.keys(map).length === 0 && !head ? null : el('section', {}, el('h3', {}, name), head,
    Object.keys(map).length === 0 ? null : table([{ title: 'Key', value: row => row[0] }, { title: 'Value', value: row => row[1] }], Object.entries(map), name));
  const about = [`span ${span.id}`, span.kind || 'unspecified', `starts at +${duration(ms(span.start, from))}`, span.scope,
    span.state && `trace state ${span.state}`, span.dropped && `left out by the sender: ${span.dropped}`];
  return el('div', { class: 'details' },
    el('p', { class: 'dim' }, about.filter(Boolean).join(' · ')),
    span.message ? el('p', { class: 'bad' }, span.message) : null,
    pairs('Attributes', span.attributes),
    span.events.map(event => pairs(`Event ${event.name || ''} at +${duration(ms(BigInt(event.timeUnixNano || 0), from))}`, attributes(event.attributes), el('span', {}))),
    span.links.map(one => pairs('Link', attributes(one.attributes), el('p', {}, 'to ',
      el('a', { href: link('trace/' + hex(one.traceId)) }, 'trace ' + hex(one.traceId)), `, span ${hex(one.spanId)}`))),
    pairs('Resource', span.resource));
}
