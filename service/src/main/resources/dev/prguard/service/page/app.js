import { el, empty, failure } from './elements.js';
import { overview } from './overview.js';
import { reviews } from './reviews.js';
import { trace } from './trace.js';
import { query } from './query.js';
import { report } from './report.js';
import { alerts } from './alerts.js';

const VIEWS = [
  ['overview', 'Overview', overview], ['reviews', 'Reviews', reviews], ['query', 'Query', query],
  ['report', 'Report', report], ['alerts', 'Alerts', alerts]];
const RANGES = [['1h', 'Last hour', 3600], ['6h', 'Last 6 hours', 21_600], ['24h', 'Last 24 hours', 86_400],
  ['7d', 'Last 7 days', 604_800], ['30d', 'Last 30 days', 2_592_000], ['90d', 'Last 90 days', 7_776_000], ['own', 'From … to …', 0]];
const REFRESH = [['0', 'off'], ['15', '15 s'], ['60', '1 min'], ['300', '5 min']];
const main = document.getElementById('main');
let shown = 0;
let timer = 0;

// The address holds all there is to know, so that it can be sent to somebody.
export function place() {
  const [path, search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [view = 'overview', id = ''] = (path || 'overview').split('/');
  return { view, id: decodeURIComponent(id), params: new URLSearchParams(search) };
}

export function link(view, changes = {}) {
  const params = new URLSearchParams();
  for (const key of ['range', 'from', 'to', 'refresh']) {
    if (place().params.get(key)) params.set(key, place().params.get(key));
  }
  for (const [key, text] of Object.entries(changes)) params.set(key, text);
  const search = params.toString();
  return '#/' + view + (search ? '?' + search : '');
}

// Changes parameters of the address in place.
export function change(changes) {
  const { view, id, params } = place();
  for (const [key, text] of Object.entries(changes)) {
    if (text === null || text === '') params.delete(key); else params.set(key, text);
  }
  location.hash = '#/' + view + (id ? '/' + encodeURIComponent(id) : '') + '?' + params;
}

export function range() {
  const { params } = place();
  const now = Math.floor(Date.now() / 1000);
  const name = params.get('range') || '24h';
  if (name === 'own') {
    const from = Date.parse(params.get('from') + 'Z') / 1000;
    const to = Date.parse(params.get('to') + 'Z') / 1000;
    if (from < to) return { from, to };
  }
  return { from: now - (RANGES.find(each => each[0] === name)?.[2] || 86_400), to: now };
}

export async function ask(path, params = {}, signal = undefined) {
  const search = new URLSearchParams();
  for (const [key, text] of Object.entries(params)) {
    if (text !== null && text !== undefined && text !== '') search.set(key, text);
  }
  const answer = await fetch(path + '?' + search, { signal, headers: { accept: 'application/json' } });
  if (answer.status === 401) {
    login();
    throw new Error('a token is needed');
  }
  if (!answer.ok) throw new Error(await answer.text() || 'HTTP ' + answer.status);
  return answer.json();
}

function login() {
  clearInterval(timer);
  document.getElementById('views').replaceChildren();
  document.getElementById('range').replaceChildren();
  main.replaceChildren(el('form', { class: 'login', method: 'post', action: '/login' },
    el('h1', {}, 'Sign in'),
    el('label', { for: 'token' }, 'The token of this server (PR_GUARD_TOKEN)'),
    el('input', { id: 'token', name: 'token', type: 'password', required: true, autocomplete: 'current-password' }),
    el('button', { class: 'main' }, 'Sign in')));
  document.getElementById('token').focus();
}

function controls() {
  const { view, params } = place();
  const form = document.getElementById('range');
  document.getElementById('views').replaceChildren(...VIEWS.map(([path, title]) =>
    el('a', { href: link(path), 'aria-current': path === view || (path === 'reviews' && (view === 'review' || view === 'trace')) ? 'page' : null }, title)));
  const name = params.get('range') || '24h';
  const select = (label, key, options, chosen) => el('label', {}, label,
    el('select', { name: key, onchange: e => pick(key, e.target.value) },
      options.map(([value, title]) => el('option', { value, selected: value === chosen }, title))));
  const at = key => el('label', {}, key + ' (UTC)', el('input', { type: 'datetime-local', name: key, value: params.get(key) || '', onchange: e => change({ [key]: e.target.value }) }));
  form.replaceChildren(
    select('Range', 'range', RANGES, name), ...(name === 'own' ? [at('from'), at('to')] : []),
    select('Refresh', 'refresh', REFRESH, params.get('refresh') || '0'),
    el('button', { type: 'button', onclick: () => show(true) }, 'Refresh now'));
  form.onsubmit = e => e.preventDefault();
}

function pick(key, value) {
  if (key === 'range' && value === 'own') {
    const { from, to } = range();
    const text = s => new Date(s * 1000).toISOString().slice(0, 16);
    change({ range: 'own', from: text(from), to: text(to) });
  } else change({ [key]: value });
}

async function show(again = false) {
  const turn = ++shown;
  const { view, id, params } = place();
  const focus = again ? null : document.activeElement?.name;
  controls();
  clearInterval(timer);
  const seconds = Number(params.get('refresh') || 0);
  if (seconds > 0) timer = setInterval(() => { if (!document.hidden) show(true); }, seconds * 1000);
  if (!again) main.replaceChildren(empty('Loading …'));
  const draw = view === 'trace' || view === 'review' ? trace : VIEWS.find(each => each[0] === view)?.[2];
  try {
    const content = draw ? await draw(id, params) : empty('There is no such page.');
    if (turn === shown && content) {
      main.replaceChildren(content);
      document.title = (main.querySelector('h1')?.textContent || 'Secure PR Guard') + ' · Secure PR Guard';
    }
  } catch (error) {
    if (turn === shown && error.message !== 'a token is needed') main.replaceChildren(failure(error));
  }
  if (focus) document.querySelector(`[name="${CSS.escape(focus)}"]`)?.focus();
}

window.addEventListener('hashchange', () => show());
show();
