import { ask, range } from './app.js';
import { el } from './elements.js';

const EXPORTED_UID = 'spg-tempo';
let settings = null;

// Grafana Explore (10 and later) with a query, in the form of its "Get started with Explore"; without a configured
// Grafana the path alone.
export function exploreLink(query, window, grafana) {
  const uid = grafana?.uid || EXPORTED_UID;
  const panes = { prg: {
    datasource: uid,
    queries: [{ refId: 'A', datasource: { type: 'tempo', uid }, queryType: 'traceql', query, filters: [], limit: 20, tableType: 'spans' }],
    range: { from: String(window.from * 1000), to: String(window.to * 1000) } } };
  return `${grafana?.url || ''}/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}

// A button that copies the link, and a place where it says so. `asked` gives the query, `window` its times in seconds.
export function grafanaButton(asked, window = range) {
  const said = el('span', { class: 'dim', role: 'status' });
  const button = el('button', { type: 'button', onclick: copy }, 'Copy as Grafana link');

  async function copy() {
    settings ||= ask('/page/api/settings');
    let grafana;
    try {
      grafana = (await settings).grafana;
    } catch (error) {
      settings = null;
      said.replaceChildren(error.message);
      return;
    }
    const link = exploreLink(asked(), window(), grafana);
    const note = grafana ? [] : ' No Grafana is configured (--grafana-url or GRAFANA_URL): put the path behind the address of yours.';
    try {
      await navigator.clipboard.writeText(link);
      said.replaceChildren('Copied.', ...[note].flat());
    } catch {
      // Without TLS a browser lets a page of another machine copy nothing.
      const field = el('input', { readonly: true, value: link, 'aria-label': 'Link to Grafana' });
      said.replaceChildren('Copy it from here:', field, ...[note].flat());
      field.select();
    }
  }
  return el('span', { class: 'copy' }, button, said);
}
