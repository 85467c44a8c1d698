import { ask, change, link, place, range } from './app.js';
import { el, empty, table } from './elements.js';
import { name, timeSeries } from './chart.js';
import { grafanaButton } from './grafana.js';
import { duration, number, time, value } from './format.js';

const EXAMPLES = [
  ['Operations with their cost', '{ resource.service.name = "secure-pr-guard" && span.operation.type != nil } | select(span.operation.type, span.cost.usd, span.latency.ms)'],
  ['Cost by model over time', '{ span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.cost.model)'],
  ['95th percentile of latency', '{ span.latency.ms != nil } | quantile_over_time(span.latency.ms, .95) by (span.operation.type)'],
  ['Failures', '{ status = error } | select(span.operation.type, statusMessage)']];
const METRICS = /\|\s*(rate|count_over_time|sum_over_time|avg_over_time|min_over_time|max_over_time|quantile_over_time|histogram_over_time|compare)\s*\(/;
const TOKENS = /("(?:[^"\\]|\\.)*"?|`[^`]*`?)|(\/\/.*|\/\*[\s\S]*?\*\/)|\b(resource|span|event|link|instrumentation|trace)(?=[.:])|\b(rate|\w+_over_time|compare|select|by|count|sum|avg|min|max|coalesce|topk|bottomk|with|nil|true|false|error|ok|unset|server|client|internal|producer|consumer)\b|(-?\b\d[\w.]*)/g;
const WORDS = ['name', 'status', 'kind', 'duration', 'rootName', 'rootServiceName', 'traceDuration', 'count_over_time()', 'rate()', 'sum_over_time(', 'avg_over_time(', 'min_over_time(',
  'max_over_time(', 'quantile_over_time(', 'histogram_over_time(', 'select(', 'by(', 'topk('];
let names = null;

export async function query() {
  const { params } = place();
  const pre = el('pre', { 'aria-hidden': 'true' });
  const editor = el('textarea', { id: 'traceql', name: 'traceql', spellcheck: 'false', autocapitalize: 'off', rows: 3, 'aria-label': 'TraceQL query', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'suggestions', 'aria-autocomplete': 'list' });
  editor.value = params.get('q') || EXAMPLES[0][1];
  const suggestions = el('ul', { class: 'suggest', id: 'suggestions', role: 'listbox', hidden: true });
  const caret = el('div', { class: 'caret', role: 'alert' });
  const result = el('div', { 'aria-live': 'polite' });
  const paint = () => pre.replaceChildren(...highlighted(editor.value), '\n');
  const completion = new Completion(editor, suggestions, paint);
  editor.addEventListener('input', () => { paint(); completion.offer(); });
  editor.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') { e.preventDefault(); run(); } else completion.key(e);
  });
  editor.addEventListener('blur', () => setTimeout(() => completion.close(), 150));
  paint();

  function run() {
    if (place().params.get('q') === editor.value) answer(); else change({ q: editor.value });
  }

  async function answer() {
    caret.replaceChildren();
    result.replaceChildren(empty('Asking …'));
    const { from, to } = range();
    try {
      result.replaceChildren(METRICS.test(editor.value)
        ? numbers(await ask('/api/metrics/query_range', { q: editor.value, start: from, end: to, exemplars: 40, quantiles: 'exact' }), from, to)
        : found(await ask('/api/search', { q: editor.value, start: from, end: to, limit: 100, spss: 10 })));
    } catch (error) {
      result.replaceChildren();
      caret.replaceChildren(...pointed(editor.value, error.message));
      const at = error.message.match(/line (\d+), col (\d+)/);
      if (at) {
        const lines = editor.value.split('\n');
        const offset = lines.slice(0, Math.max(0, at[1] - 1)).reduce((sum, line) => sum + line.length + 1, 0) + Math.max(0, at[2] - 1);
        editor.focus();
        editor.setSelectionRange(offset, offset);
      }
    }
  }
  if (params.get('q')) answer(); else result.replaceChildren(empty('Ctrl+Enter asks. Ctrl+Space completes names and values.'));
  return el('div', {}, el('h1', {}, 'Query'),
    el('form', { onsubmit: e => { e.preventDefault(); run(); } },
      el('label', { for: 'traceql' }, 'TraceQL'), el('div', { class: 'editor' }, pre, editor), suggestions, caret,
      el('div', { class: 'controls' }, el('button', { class: 'main' }, 'Ask'),
        el('label', {}, 'Examples', el('select', { name: 'example', onchange: e => { if (e.target.value) change({ q: e.target.value }); } },
          el('option', { value: '' }, '…'), EXAMPLES.map(([title, text]) => el('option', { value: text }, title)))),
        grafanaButton(() => editor.value))),
    result);
}

// The line at fault, and below it a mark.
function pointed(text, message) {
  const at = message.match(/line (\d+), col (\d+)/);
  const said = el('p', {}, message);
  if (!at) return [said];
  const line = text.split('\n')[Math.max(0, at[1] - 1)] || '';
  return [el('pre', {}, line + '\n' + ' '.repeat(Math.max(0, at[2] - 1)) + '^'), said];
}

function highlighted(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(TOKENS)) {
    const kind = match[1] ? 'str' : match[2] ? 'dim' : match[3] ? 'sc' : match[4] ? 'k' : 'n';
    parts.push(text.slice(from, match.index), el('span', { class: kind }, match[0]));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

function numbers(answer, from, to) {
  const series = (answer.series || []).map(one => {
    const labels = Object.fromEntries((one.labels || []).map(label => [label.key, value(label.value)]));
    return { name: name({ labels }), samples: (one.samples || []).map(s => [Number(s.timestampMs), Number(s.value || 0)]),
      exemplars: (one.exemplars || []).map(e => ({ ms: Number(e.timestampMs), value: Number(e.value || 0), traceId: value((e.labels || []).find(label => label.key === 'trace:id')?.value) })).filter(e => e.traceId) };
  });
  if (series.length === 0) return empty('No series: nothing matched in this range.');
  return el('div', {}, timeSeries(series, { from: from * 1000, to: to * 1000, title: 'The answer' }),
    table([{ title: 'Series', value: row => row.name }, { title: 'Samples', value: row => row.samples.length, number: true },
      { title: 'Last', value: row => row.samples.at(-1)?.[1], cell: row => row.samples.length ? number(row.samples.at(-1)[1]) : '–', number: true },
      { title: 'Greatest', value: row => row.samples.reduce((most, s) => Math.max(most, s[1]), -Infinity), cell: row => number(row.samples.reduce((most, s) => Math.max(most, s[1]), -Infinity)), number: true }], series, 'Series'));
}

function found(answer) {
  const rows = (answer.traces || []).flatMap(trace => (trace.spanSets?.length ? trace.spanSets : [{ spans: [null] }]).flatMap(set => (set.spans || []).map(span => ({
    id: trace.traceID.padStart(32, '0'), start: Number(BigInt((span || trace).startTimeUnixNano || 0) / 1_000_000n),
    took: span ? Number(span.durationNanos || 0) / 1e6 : trace.durationMs || 0, name: span?.name || trace.rootTraceName || '',
    attributes: Object.fromEntries([...(set.attributes || []), ...(span?.attributes || [])].map(pair => [pair.key, value(pair.value)])) }))));
  if (rows.length === 0) return empty('Nothing matched in this range.');
  const keys = [...new Set(rows.flatMap(row => Object.keys(row.attributes)))];
  return el('div', {}, el('p', { class: 'dim' }, `${rows.length} spans of ${(answer.traces || []).length} traces`), table([
    { title: 'Start (UTC)', value: row => row.start, cell: row => el('a', { href: link('trace/' + row.id) }, time(row.start)) },
    { title: 'Name', value: row => row.name }, { title: 'Time', value: row => row.took, cell: row => duration(row.took), number: true },
    ...keys.map(key => ({ title: key, value: row => row.attributes[key] }))], rows, 'Spans'));
}

// Names of attributes and, behind an operator, their values.
class Completion {
  constructor(editor, list, painted) {
    Object.assign(this, { editor, list, painted, at: -1, items: [], word: '' });
  }

  async offer(always = false) {
    const before = this.editor.value.slice(0, this.editor.selectionStart);
    const behind = before.match(/([\w."-]+(?:[.:][\w"-]+)*)\s*(?:=~|!~|!=|=)\s*"?([^"{}()|&]*)$/);
    const word = behind ? behind[2] : before.match(/[\w.:-]*$/)[0];
    if (!always && word.length === 0 && !behind) return this.close();
    const turn = this.turn = (this.turn || 0) + 1;
    const all = behind ? await this.values(behind[1]) : [...await this.names(), ...WORDS];
    if (turn !== this.turn) return;
    this.quoted = behind ? (before.slice(0, before.length - word.length).endsWith('"') ? 'open' : 'none') : null;
    this.word = word;
    this.items = all.filter(text => text.toLowerCase().includes(word.toLowerCase()) && text !== word).slice(0, 30);
    this.at = this.items.length ? 0 : -1;
    this.draw();
  }

  async names() {
    if (!names) {
      const { from, to } = range();
      names = ask('/api/v2/search/tags', { start: from, end: to }).then(answer => (answer.scopes || []).flatMap(scope => (scope.tags || []).map(tag =>
        scope.name === 'intrinsic' ? tag : scope.name + '.' + (/^[\w.-]+$/.test(tag) ? tag : JSON.stringify(tag)))), () => []);
    }
    return names;
  }

  async values(tag) {
    const { from, to } = range();
    return ask('/api/v2/search/tag/' + encodeURIComponent(tag) + '/values', { start: from, end: to }).then(answer => answer.tagValues.map(one => one.value), () => []);
  }

  draw() {
    this.list.hidden = this.items.length === 0;
    this.editor.setAttribute('aria-expanded', String(!this.list.hidden));
    this.list.replaceChildren(...this.items.map((text, i) => el('li', { role: 'option', id: 'option-' + i, 'aria-selected': String(i === this.at), onmousedown: e => { e.preventDefault(); this.take(i); } }, text)));
    if (this.at >= 0) {
      this.editor.setAttribute('aria-activedescendant', 'option-' + this.at);
      this.list.children[this.at]?.scrollIntoView({ block: 'nearest' });
    } else this.editor.removeAttribute('aria-activedescendant');
  }

  key(e) {
    if (e.ctrlKey && e.key === ' ') { e.preventDefault(); this.offer(true); return; }
    if (this.list.hidden) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      this.at = (this.at + (e.key === 'ArrowDown' ? 1 : this.items.length - 1)) % this.items.length;
      this.draw();
    } else if (e.key === 'Tab' && !e.shiftKey || e.key === 'Enter') {
      e.preventDefault();
      this.take(this.at);
    } else if (e.key === 'Escape') this.close();
  }

  take(i) {
    const end = this.editor.selectionStart;
    const text = this.items[i];
    const literal = this.quoted === 'none' && !/^(-?\d[\d.]*|true|false|error|ok|unset|server|client|internal|producer|consumer|unspecified)$/.test(text) ? JSON.stringify(text) : this.quoted === 'open' ? text + '"' : text;
    this.editor.setRangeText(literal, end - this.word.length, end, 'end');
    this.close();
    this.painted();
  }

  close() {
    this.turn = (this.turn || 0) + 1;
    this.items = [];
    this.at = -1;
    this.draw();
  }
}
