import { link } from './app.js';
import { el, svg, empty } from './elements.js';
import { amount, clock } from './format.js';

const NARROW = 320;
const WIDE = 640;
const HEIGHT = 220;
const LEFT = 62;
const BOTTOM = 22;
const COLORS = 8;

export function name(series, label) {
  const words = Object.entries(series.labels).filter(([key]) => key !== '__name__')
    .map(([key, text]) => key === 'p' ? 'p' + Number(text) * 100 : text);
  return words.join(', ') || label || series.labels.__name__ || 'value';
}

// In a viewBox about as wide as the place, so that texts keep their size.
// Series: { name, samples: [[ms, value]], exemplars?: [{ ms, value, traceId }] }. Options: width, unit, columns, limits, from, to, title.
export function timeSeries(list, options) {
  const series = list.filter(one => one.samples.length > 0);
  if (series.length === 0) return empty('No data in this range.');
  const width = Math.min(WIDE, Math.max(NARROW, options.width || WIDE));
  const values = series.flatMap(one => one.samples.map(s => s[1])).filter(Number.isFinite);
  const limits = (options.limits || []).map(limit => limit.value);
  const top = nice(Math.max(0, ...values, ...limits));
  const low = Math.min(0, ...values);
  const times = series.flatMap(one => one.samples.map(s => s[0]));
  const from = Math.min(options.from ?? Infinity, ...times);
  const to = Math.max(options.to ?? -Infinity, ...times, from + 1);
  const x = ms => LEFT + (ms - from) / (to - from) * (width - LEFT - 10);
  const y = v => 8 + (top - v) / (top - low || 1) * (HEIGHT - BOTTOM - 8);
  const parts = [];
  for (let i = 0; i <= 4; i++) {
    const v = low + (top - low) * i / 4;
    parts.push(svg('line', { class: 'grid', x1: LEFT, x2: width - 10, y1: y(v), y2: y(v) }),
      svg('text', { x: LEFT - 6, y: y(v) + 4, 'text-anchor': 'end' }, amount(v, options.unit)));
    const at = from + (to - from) * i / 4;
    parts.push(svg('text', { x: x(at), y: HEIGHT - 5, 'text-anchor': i === 4 ? 'end' : i === 0 ? 'start' : 'middle' }, clock(at, to - from)));
  }
  for (const limit of limits) {
    parts.push(svg('line', { class: 'limit', x1: LEFT, x2: width - 10, y1: y(limit), y2: y(limit) }));
  }
  series.forEach((one, i) => parts.push(options.columns
    ? columns(one, i, series.length, x, y, (width - LEFT - 10) / Math.max(1, new Set(times).size))
    : line(one, i, x, y)));
  parts.push(...marks(series, options, x, y));
  const traces = exemplars(series, options, x, y, from, to, low, top);
  parts.push(...traces);
  // The parts of an image are hidden from who does not see it; links must not be.
  const chart = svg('svg', { class: 'chart', viewBox: `0 0 ${width} ${HEIGHT}`, role: traces.length > 0 ? 'group' : 'img', 'aria-label': options.title || 'chart' }, parts);
  return el('div', {}, chart, legend(series));
}

// When the colors are used up they come again, dashed.
function color(i) {
  return 's' + i % COLORS + (i < COLORS ? '' : ' again');
}

function line(one, i, x, y) {
  const points = one.samples.filter(s => Number.isFinite(s[1]));
  return svg('g', { class: color(i) },
    svg('polyline', { class: 'stroke', points: points.map(s => `${x(s[0]).toFixed(1)},${y(s[1]).toFixed(1)}`).join(' ') }),
    points.length < 40 ? points.map(s => svg('circle', { class: 'fill', cx: x(s[0]), cy: y(s[1]), r: 2.5 })) : []);
}

function columns(one, i, of, x, y, slot) {
  const width = Math.max(1, slot / of * 0.8);
  return svg('g', { class: 's' + i % COLORS }, one.samples.filter(s => s[1] !== 0).map(s =>
    svg('rect', { class: 'fill', x: Math.max(LEFT, x(s[0]) - width * (of - i)), width, y: y(Math.max(0, s[1])), height: Math.abs(y(0) - y(s[1])) })));
}

// What the mouse shows; the table beside a chart is there for those without.
function marks(series, options, x, y) {
  const all = series.flatMap(one => one.samples.map(s => ({ one, s })));
  if (all.length > 2000) return [];
  return all.map(({ one, s }) => svg('circle', { cx: x(s[0]), cy: y(s[1]), r: 7, fill: 'transparent' },
    svg('title', {}, `${one.name}: ${amount(s[1], options.unit)} (${new Date(s[0]).toISOString().slice(0, 16).replace('T', ' ')} UTC)`)));
}

// Spans that a point counts: a click goes to the trace of one.
function exemplars(series, options, x, y, from, to, low, top) {
  return series.flatMap((one, i) => (one.exemplars || []).filter(e => e.ms >= from && e.ms <= to).map(e => {
    const at = [x(e.ms), y(Number.isFinite(e.value) ? Math.min(top, Math.max(low, e.value)) : low)];
    const what = `Trace of ${one.name}${Number.isFinite(e.value) ? ': ' + amount(e.value, options.unit) : ''} (${new Date(e.ms).toISOString().slice(0, 16).replace('T', ' ')} UTC)`;
    return svg('a', { class: 'exemplar s' + i % COLORS, href: link('trace/' + e.traceId), 'aria-label': what },
      svg('path', { d: `M${at[0].toFixed(1)} ${(at[1] - 5).toFixed(1)} l5 5 l-5 5 l-5 -5 Z` }), svg('title', {}, what));
  }));
}

export function legend(series) {
  return el('ul', { class: 'legend' }, series.map((one, i) => el('li', { class: color(i) }, one.name)));
}

export function bars(list, options) {
  if (list.length === 0) return empty('No data in this range.');
  const top = Math.max(...list.map(one => Math.abs(one.value)), Number.MIN_VALUE);
  return el('div', { class: 'bars' }, list.flatMap((one, i) => [
    el('span', {}, one.name || '(none)'),
    svg('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', height: 12, width: '100%', class: 's' + i % COLORS, 'aria-hidden': 'true' },
      svg('rect', { class: 'fill', width: Math.abs(one.value) / top * 100, height: 8 })),
    el('span', { class: 'num ' + severity(one.value, options.thresholds) }, amount(one.value, options.unit))]));
}

export function pie(list, options) {
  const all = list.reduce((sum, one) => sum + one.value, 0);
  if (!(all > 0)) return empty('No data in this range.');
  let at = -Math.PI / 2;
  const slices = list.map((one, i) => {
    const from = at;
    at += one.value / all * 2 * Math.PI;
    const point = a => `${60 + 55 * Math.cos(a)} ${60 + 55 * Math.sin(a)}`;
    const whole = one.value === all;
    return svg('g', { class: 's' + i % COLORS }, whole
      ? svg('circle', { class: 'fill', cx: 60, cy: 60, r: 55 })
      : svg('path', { class: 'fill', d: `M60 60 L${point(from)} A55 55 0 ${at - from > Math.PI ? 1 : 0} 1 ${point(at)} Z` }));
  });
  return el('div', {}, svg('svg', { viewBox: '0 0 120 120', height: 150, width: '100%', role: 'img', 'aria-label': options.title }, slices),
    legend(list.map(one => ({ name: `${one.name}: ${amount(one.value, options.unit)} (${(one.value / all * 100).toFixed(1)} %)` }))));
}

export function severity(value, thresholds) {
  let found = '';
  for (const threshold of thresholds || []) {
    if (value >= threshold.value) found = threshold.color === 'red' ? 'bad' : threshold.color === 'green' ? 'good' : 'warn';
  }
  return found;
}

function nice(top) {
  if (!(top > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(top));
  return [1, 2, 2.5, 5, 10].map(n => n * unit).find(n => n >= top) ?? top;
}
