import { attributes, hex } from './format.js';

// The spans of a trace as /api/v2/traces answers it.
export function read(trace) {
  const spans = [];
  for (const of of trace.resourceSpans || []) {
    for (const scope of of.scopeSpans || []) {
      for (const span of scope.spans || []) {
        spans.push({ id: hex(span.spanId), parent: hex(span.parentSpanId), name: span.name || '', kind: (span.kind || '').replace('SPAN_KIND_', '').toLowerCase(),
          start: BigInt(span.startTimeUnixNano || 0), end: BigInt(span.endTimeUnixNano || 0),
          status: (span.status?.code || '').replace('STATUS_CODE_', '').toLowerCase(), message: span.status?.message || '',
          attributes: attributes(span.attributes), resource: attributes(of.resource?.attributes), scope: scope.scope?.name || '',
          state: span.traceState || '', dropped: dropped(span), events: span.events || [], links: span.links || [] });
      }
    }
  }
  return spans;
}

// What the sender left out.
function dropped(span) {
  return [['droppedAttributesCount', 'attributes'], ['droppedEventsCount', 'events'], ['droppedLinksCount', 'links']]
    .filter(([key]) => span[key]).map(([key, what]) => `${span[key]} ${what}`).join(', ');
}

// Depth first; spans whose parents are missing, or that are their own ancestors, come behind.
export function tree(spans) {
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

export const ms = (later, earlier) => Number(later - earlier) / 1e6;
