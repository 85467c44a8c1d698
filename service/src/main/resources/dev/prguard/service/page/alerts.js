import { ask, link } from './app.js';
import { el, empty, table } from './elements.js';
import { number } from './format.js';
import { bars } from './chart.js';

const WORDS = { fine: 'good', BREACHED: 'bad', 'no data': 'dim' };

function worst(rule) {
  const sign = rule.comparison === '>' ? 1 : -1;
  return rule.readings.reduce((most, one) => most === null || (one.value - most.value) * sign > 0 ? one : most, null);
}

function amount(rule, value) {
  return rule.unit === '' && rule.threshold > 0 && rule.threshold < 1 ? number(value * 100) + ' %' : number(value) + (rule.unit ? ' ' + rule.unit : '');
}

function hours(seconds) {
  return seconds % 86_400 === 0 ? seconds / 86_400 + ' d' : seconds % 3600 === 0 ? seconds / 3600 + ' h' : seconds / 60 + ' min';
}

export async function alerts() {
  const answer = await ask('/page/api/alerts');
  const rules = answer.rules;
  const burns = slo => rules.filter(rule => rule.id.startsWith(slo.id + '-burn'));
  return el('div', {}, el('h1', {}, 'Alerts and SLOs'),
    el('p', { class: answer.breached > 0 ? 'bad' : 'dim', role: 'status' }, `${answer.breached} of ${rules.length} rules breached, as of ${answer.checkedAt}`),
    answer.empty ? empty('No review left a trace in the longest window: there is nothing to judge.') : null,
    answer.slos.map(slo => {
      const kept = rules.find(rule => rule.id === slo.id);
      const value = kept && worst(kept)?.value;
      const budget = 1 - slo.objective;
      return el('section', { class: 'panel wide' }, el('h3', {}, slo.promise),
        el('p', {}, `Promised for ${number(slo.objective * 100)} % of operations. `,
          value === undefined || value === null ? 'No data in the last 24 hours.' : `Kept by ${number(value * 100)} % in the last 24 hours; ${number(Math.max(0, 1 - (1 - value) / budget) * 100)} % of that window's error budget is left.`),
        bars(burns(slo).filter(worst).map(rule => ({ name: `burn rate, ${hours(rule.windowSeconds)} (alert over ${rule.threshold})`, value: worst(rule).value })), { unit: 'COUNT' }));
    }),
    el('h2', {}, 'Rules'),
    table([
      { title: 'State', value: rule => rule.state, cell: rule => el('span', { class: 'tag ' + WORDS[rule.state] }, rule.state) },
      { title: 'Rule', value: rule => rule.title },
      { title: 'Value', value: rule => worst(rule)?.value, cell: rule => worst(rule) ? amount(rule, worst(rule).value) + (worst(rule).series ? ` (${worst(rule).series})` : '') : '–', number: true },
      { title: 'Limit', value: rule => rule.threshold, cell: rule => `${rule.comparison === '>' ? 'at most' : 'at least'} ${amount(rule, rule.threshold)} in ${hours(rule.windowSeconds)}`, number: true },
      { title: 'Severity', value: rule => rule.severity },
      { title: 'Look at', value: rule => rule.traces.length, cell: rule => rule.traces.length === 0 ? '–' : el('span', {}, rule.traces.map(one => el('a', { href: link('trace/' + one.traceId) }, one.what + ' '))) }],
    rules, 'Rules'));
}
