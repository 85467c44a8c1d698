import { ask } from './app.js';
import { el, empty, table } from './elements.js';
import { attributes, dollars, duration, hex, time } from './format.js';
import { bars } from './chart.js';
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
  return el('div', {}, el('h1', {}, title(root)), facts(root, spans, from, to, id), costs(spans),
    el('h2', {}, 'Spans'),
    el('ol', { class: 'waterfall' }, rows.map(row => line(row, from, to))));
}

function title(root) {
  const a = root.attributes;
  return a['pr.repository'] ? `Review of ${a['pr.repository']}${a['pr.number'] ? '#' + a['pr.number'] : ''}` : root.name;
}

function read(trace) {
  const spans = [];
  for (const of of trace.resourceSpans || []) {
    for (const scope of of.scopeSpans || []) {
      for (const span of scope.spans || []) {
        spans.push({ id: hex(span.spanId), parent: hex(span.parentSpanId), name: span.name || '', kind: (span.kind || '').replace('SPAN_KIND_', '').toLowerCase(),
          start: BigInt(span.startTimeUnixNano || 0), end: BigInt(span.endTimeUnixNano || 0),
          status: (span.status?.code || '').replace('STATUS_CODE_', '').toLowerCase(), message: span.status?.message || '',
          attributes: attributes(span.attributes), resource: attributes(of.resource?.attributes), scope: scope.scope?.name || '',
          events: span.events || [], links: span.links || [] });
      }
    }
  }
  return spans;
}

// Depth first; spans whose parents are missing, or that are their own ancestors, come behind.
function tree(spans) {
  const children = new Map();
  const ids = new Set(spans.map(span => span.id));
  for (const span of spans) {
    const parent = ids.has(span.parent) ? span.parent : '';
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(span);
  }
  for (const list of children.values()) list.sort((a, b) => a.start < b.start ? -1 : a.start > b.start ? 1 : 0);
  const rows = [];
  const seen = new Set();
  const visit = root => {
    const stack = [[root, 0]];
    while (stack.length > 0) {
      const [span, depth] = stack.pop();
      if (seen.has(span)) continue;
      seen.add(span);
      rows.push({ span, depth });
      for (const child of [...(children.get(span.id) || [])].reverse()) stack.push([child, depth + 1]);
    }
  };
  (children.get('') || []).forEach(visit);
  spans.forEach(visit);
  return rows;
}

const ms = (later, earlier) => Number(later - earlier) / 1e6;

function facts(root, spans, from, to, id) {
  const a = root.attributes;
  const usd = a['cost.total_usd'];
  const list = [
    ['Started (UTC)', time(ms(from, 0n))], ['Took', duration(ms(to, from))], ['Spans', spans.length],
    ['Status', tag(a['workflow.status'] || root.status || 'unset')], ['Risk', a['risk.level'] && tag(a['risk.level'])],
    ['Findings', a['issues.found']], ['Critical', a['issues.critical']], ['High', a['issues.high']],
    ['Coverage', a['review.coverage'] || a['coverage.files']], ['Cost', usd === undefined ? null : dollars(Number(usd))],
    ['Tokens', a['workflow.tokens.total']], ['Author', a['pr.author']], ['Patch', patch(spans)], ['Trace', id]];
  return el('dl', { class: 'facts' }, list.filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value instanceof Node ? value : String(value)))));
}

function patch(spans) {
  const span = spans.find(one => one.attributes['operation.type'] === 'patch');
  if (!span) return null;
  const a = span.attributes;
  if (a['patch.generated'] !== 'true') return 'none';
  return `${a['patch.issues_patched'] ?? '?'} of ${a['patch.issues_total'] ?? '?'} findings${a['patch.verified'] === 'true' ? ', verified' : ''}`;
}

function costs(spans) {
  const operations = spans.filter(span => span.attributes['operation.type'] && span.attributes['cost.usd'] !== undefined);
  if (operations.length === 0) return null;
  const list = operations.map(span => ({ name: `${span.attributes['operation.type']} (${span.attributes['cost.model'] || 'no model'})`, value: Number(span.attributes['cost.usd']) }));
  return el('section', {}, el('h2', {}, 'Cost by operation'), bars(list, { unit: 'US_DOLLARS' }));
}

function line({ span, depth }, from, to) {
  const whole = Math.max(ms(to, from), 1e-6);
  const bar = el('i');
  bar.style.left = ms(span.start, from) / whole * 100 + '%';
  bar.style.width = Math.max(0.2, ms(span.end, span.start) / whole * 100) + '%';
  const label = el('span', { class: 'name' + (span.status === 'error' ? ' bad' : ''), title: span.name }, (span.status === 'error' ? '✖ ' : '') + (span.name || '(no name)'));
  label.style.paddingLeft = Math.min(depth, 12) * 14 + 'px';
  const usd = span.attributes['cost.usd'] ?? span.attributes['gen_ai.usage.cost'];
  let details = null;
  const button = el('button', { type: 'button', 'aria-expanded': 'false', onclick: () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (!details) item.append(details = more(span, from));
    details.hidden = open;
  } }, label, el('span', { class: 'lane s' + (span.kind === 'client' ? 1 : span.status === 'error' ? 4 : 0) }, bar),
  el('span', { class: 'num' }, duration(ms(span.end, span.start))), el('span', { class: 'num' }, usd === undefined ? '' : dollars(Number(usd))));
  const item = el('li', {}, button);
  return item;
}

function more(span, from) {
  const pairs = (name, map) => Object.keys(map).length === 0 ? null : el('section', {}, el('h3', {}, name),
    table([{ title: 'Key', value: row => row[0] }, { title: 'Value', value: row => row[1] }], Object.entries(map), name));
  return el('div', { class: 'details' },
    el('p', { class: 'dim' }, `span ${span.id} · ${span.kind || 'unspecified'} · starts at +${duration(ms(span.start, from))}${span.scope ? ' · ' + span.scope : ''}`),
    span.message ? el('p', { class: 'bad' }, span.message) : null,
    pairs('Attributes', span.attributes),
    span.events.map(event => pairs(`Event ${event.name || ''} at +${duration(ms(BigInt(event.timeUnixNano || 0), from))}`, { name: event.name || '', ...attributes(event.attributes) })),
    span.links.map(link => pairs('Link', { trace: hex(link.traceId), span: hex(link.spanId), ...attributes(link.attributes) })),
    pairs('Resource', span.resource));
}
