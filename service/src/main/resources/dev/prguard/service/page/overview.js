import { ask, change, link, place, range } from './app.js';
import { el, empty, failure, table } from './elements.js';
import { bars, name, pie, severity, timeSeries } from './chart.js';
import { amount, duration, time } from './format.js';

export async function overview() {
  const definition = await ask('/page/api/dashboard');
  const { from, to } = range();
  const { params } = place();
  const chosen = {};
  for (const filter of definition.filters) chosen[filter.variable] = params.get(filter.variable) || '';
  for (const setting of definition.settings) chosen[setting.variable] = params.get(setting.variable) || setting.value;
  const content = el('div', {}, el('h1', {}, 'Overview'), variables(definition, chosen, { start: from, end: to }));
  const queue = [];
  for (const row of definition.rows) {
    content.append(el('h2', {}, row.title), el('div', { class: 'panels' }, row.panels.map(panel => {
      const body = el('div', { 'aria-busy': 'true' }, empty('Loading …'));
      queue.push({ panel, body });
      return el('section', { class: 'panel w' + panel.width, 'aria-label': panel.title },
        el('h3', {}, panel.title), panel.description ? el('p', {}, code(panel.description)) : null, body);
    })));
  }
  // A few at a time, from the top: the server would refuse a crowd.
  const next = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      try {
        const answer = await ask('/page/api/panel', { id: job.panel.id, start: from, end: to, ...chosen });
        job.body.replaceChildren(draw(job.panel, answer.answers, from * 1000, to * 1000));
      } catch (error) {
        job.body.replaceChildren(failure(error));
      }
      job.body.removeAttribute('aria-busy');
    }
  };
  for (let i = 0; i < 3; i++) next();
  return content;
}

// What stands between backticks.
function code(text) {
  return text.split('`').map((part, i) => i % 2 ? el('code', {}, part) : part);
}

function variables(definition, chosen, window) {
  const form = el('form', { class: 'controls', 'aria-label': 'Variables' });
  form.onsubmit = e => e.preventDefault();
  for (const filter of definition.filters) {
    const select = el('select', { name: filter.variable, onchange: e => change({ [filter.variable]: e.target.value }) }, el('option', { value: '' }, 'All'));
    if (chosen[filter.variable]) select.append(el('option', { value: chosen[filter.variable], selected: true }, chosen[filter.variable]));
    ask('/page/api/values', { variable: filter.variable, ...window }).then(answer => {
      for (const text of answer.values) {
        if (text !== chosen[filter.variable]) select.append(el('option', { value: text }, text));
      }
    }, () => {});
    form.append(el('label', {}, filter.label, select));
  }
  for (const setting of definition.settings) {
    form.append(el('label', {}, setting.label, el('input', { name: setting.variable, value: chosen[setting.variable], size: 6, inputmode: 'decimal', onchange: e => change({ [setting.variable]: e.target.value }) })));
  }
  return form;
}

function draw(panel, answers, from, to) {
  if (panel.drawing === 'TABLE') return spans(panel, answers.flatMap(answer => answer.spans || []));
  const several = answers.length > 1;
  const series = answers.flatMap(answer => (answer.series || []).map(one => {
    const own = name(one, answer.label);
    return { name: several && answer.label && own !== answer.label ? `${answer.label} ${own}` : own, samples: one.samples, exemplars: one.exemplars };
  }));
  const options = { width: innerWidth > 1100 ? panel.width * 46 : innerWidth > 640 ? innerWidth / 2 - 60 : innerWidth - 60, unit: panel.unit, title: panel.title, thresholds: panel.thresholds, limits: panel.thresholdLine ? panel.thresholds : [], from, to };
  const last = series.filter(one => one.samples.length > 0).map(one => ({ name: one.name, value: one.samples.at(-1)[1] }));
  switch (panel.drawing) {
    case 'TIME_SERIES': return timeSeries(series, options);
    case 'COLUMNS': return timeSeries(series, { ...options, columns: true });
    case 'STAT': return last.length ? el('div', { class: 'stat ' + severity(last[0].value, panel.thresholds) }, amount(last[0].value, panel.unit)) : empty('No data in this range.');
    case 'PIE': return pie(last, options);
    default: return bars(last.sort((a, b) => b.value - a.value), options);
  }
}

function spans(panel, rows) {
  if (rows.length === 0) return empty('Nothing of this kind in this range.');
  const keys = [...new Set(rows.flatMap(row => Object.keys(row.attributes)))].filter(key => !['service.name', 'name'].includes(key));
  const number = key => rows.every(row => row.attributes[key] === undefined || (row.attributes[key] !== '' && !Number.isNaN(Number(row.attributes[key]))));
  const columns = [
    { title: 'Trace', value: row => row.startMs, cell: row => el('a', { href: link('trace/' + row.traceId) }, time(row.startMs)) },
    { title: 'Time', value: row => row.durationMs, cell: row => duration(row.durationMs), number: true },
    ...keys.map(key => ({ title: key, number: number(key), value: row => number(key) && row.attributes[key] !== undefined ? Number(row.attributes[key]) : row.attributes[key],
      cell: row => row.attributes[key] === undefined ? '–' : key.includes('usd') && !key.includes('nano') ? amount(Number(row.attributes[key]), 'US_DOLLARS') : row.attributes[key] }))];
  const money = keys.find(key => key.includes('usd'));
  const sorted = panel.unit === 'US_DOLLARS' && money ? [...rows].sort((a, b) => b.attributes[money] - a.attributes[money]) : rows;
  return table(columns, sorted.slice(0, 15), panel.title);
}
