import { el, table } from './elements.js';
import { dollars, duration } from './format.js';
import { bars } from './chart.js';

const number = text => text === undefined ? null : Number(text);

export function isReview(root) {
  return root.name === 'pr_review.workflow';
}

// What a review found, what it read, its patch and what its operations cost, as far as spans say.
export function review(root, spans) {
  const first = type => spans.find(span => span.attributes['operation.type'] === type);
  return el('div', { class: 'panels' },
    section('Findings', findings(root, first('nitpicker'))),
    section('Coverage', coverage(root, first('fetch'))),
    section('Patch', patch(root, first('patch'))),
    section('Comment', comment(root, first('comment'))));
}

function section(title, content) {
  return el('section', { class: 'panel w6', 'aria-label': title }, el('h3', {}, title), content);
}

function pairs(list) {
  return el('dl', { class: 'pairs' }, list.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, String(value)))));
}

// Text of a span as a link, if it is the address of a page.
export function outside(text) {
  try {
    const url = new URL(text);
    if (url.protocol === 'https:' || url.protocol === 'http:') return el('a', { href: url.href, rel: 'noopener noreferrer', target: '_blank' }, text);
  } catch {
    // No address.
  }
  return text;
}

function findings(root, nitpicker) {
  const a = root.attributes['issues.found'] === undefined ? nitpicker?.attributes || {} : root.attributes;
  if (a['issues.found'] === undefined) return el('p', {}, 'None were counted: the review did not get so far.');
  return el('div', {}, pairs([
    ['Found', a['issues.found']], ['Critical', a['issues.critical']], ['High', a['issues.high']], ['Security', a['issues.security']],
    ['By rules', a['issues.rule_detected']], ['By a model', a['issues.ai_detected']]]),
  el('p', {}, 'Their text quotes code and is in no trace: it stands in the comment on the pull request, and in what --json, --sarif or --markdown wrote.'));
}

function coverage(root, fetch) {
  const a = fetch?.attributes || {};
  const said = { reviewed: 'All of the change was read.', partial: 'A part of the change was not read: the comment and the reports list it.',
    not_reviewed: 'The change was not read.' }[root.attributes['workflow.status']] || 'The trace does not say how much was read.';
  return el('div', {}, pairs([['Files', a['diff.files']], ['Added lines', a['diff.added_lines']], ['Characters', a['diff.size_chars']]]), el('p', {}, said));
}

function patch(root, span) {
  if (!span) return el('p', {}, 'No patch was asked for.');
  const a = span.attributes;
  const yes = key => a[key] === 'true';
  return el('div', {}, pairs([
    ['Findings', a['patch.issues_total']], ['Safe to fix', a['patch.issues_safe']], ['Fixed', a['patch.issues_patched']],
    ['Verified', yes('patch.generated') ? yes('patch.verified') ? 'yes' : 'no' : null]]),
  el('p', {}, !yes('patch.generated') ? 'No finding was fixed.'
    : yes('patch.pr_created') ? ['The diff is a pull request of its own, named in the comment on ', outside(root.attributes['pr.url'] || 'the pull request'), '.']
      : 'The diff is code and in no trace: it stands in what --json wrote (patch.diff), and in a pull request with --patch-pr.'));
}

function comment(root, span) {
  const url = root.attributes['pr.url'];
  return el('div', {}, el('p', {}, span?.attributes['comment.posted'] === 'true' ? `Posted, ${span.attributes['comment.length'] || '?'} characters.` : 'Not posted.'),
    url ? el('p', {}, outside(url)) : null);
}

// Operations have the sums of their calls.
export function costs(spans) {
  const operations = spans.filter(span => span.attributes['operation.type'] && span.attributes['operation.type'] !== 'workflow');
  if (operations.length === 0) return null;
  const calls = span => spans.filter(one => one.parent === span.id && one.attributes['gen_ai.operation.name']).length;
  const rows = operations.map(span => {
    const a = span.attributes;
    return { type: a['operation.type'], model: a['cost.model'], calls: calls(span), usd: a['cost.priced'] === 'false' ? null : number(a['cost.usd']),
      prompt: number(a['cost.tokens.prompt']), completion: number(a['cost.tokens.completion']), cached: number(a['cost.tokens.cache_read']),
      price: a['cost.price_id'], took: number(a['latency.ms']), api: number(a['latency.api_ms']) };
  });
  const paid = rows.filter(row => row.usd > 0);
  const of = (title, key, cell) => ({ title, value: row => row[key], cell: row => row[key] === null || row[key] === undefined ? '–' : cell ? cell(row[key]) : String(row[key]), number: true });
  return el('section', {}, el('h2', {}, 'Cost by operation'),
    paid.length === 0 ? null : bars(paid.map(row => ({ name: `${row.type} (${row.model || 'no model'})`, value: row.usd })), { unit: 'US_DOLLARS' }),
    table([{ title: 'Operation', value: row => row.type }, { title: 'Model', value: row => row.model },
      of('Calls', 'calls'), { ...of('Cost', 'usd', dollars), cell: row => row.usd === null ? 'unknown' : dollars(row.usd) },
      of('Prompt', 'prompt'), of('Cached', 'cached'), of('Completion', 'completion'),
      of('Time', 'took', duration), of('In calls', 'api', duration), { title: 'Price', value: row => row.price }], rows, 'Cost by operation'));
}
