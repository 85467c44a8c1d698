export function amount(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  switch (unit) {
    case 'MILLISECONDS': return duration(value);
    case 'US_DOLLARS': return dollars(value);
    case 'NANO_US_DOLLARS': return dollars(value / 1e9);
    case 'SHARE': return number(value * 100) + ' %';
    case 'TOKENS_PER_MS': return number(value) + '/ms';
    default: return number(value);
  }
}

export function number(value) {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(2);
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });
}

export function dollars(value) {
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 6 : Math.abs(value) < 1 ? 4 : 2;
  return '$' + value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits });
}

export function duration(ms) {
  if (ms < 1) return number(ms * 1000) + ' µs';
  if (ms < 1000) return number(ms) + ' ms';
  if (ms < 60_000) return number(ms / 1000) + ' s';
  return Math.floor(ms / 60_000) + ' min ' + Math.round(ms % 60_000 / 1000) + ' s';
}

export function time(ms) {
  const d = new Date(ms);
  return Number.isNaN(d.getTime()) ? '–' : d.toISOString().slice(0, 19).replace('T', ' ');
}

export function clock(ms, spanMs) {
  const iso = new Date(ms).toISOString();
  return spanMs > 2 * 86_400_000 ? iso.slice(5, 10) : iso.slice(11, 16);
}

export function hex(base64) {
  try {
    return [...atob(base64 || '')].map(c => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  } catch {
    return '';
  }
}

// An OTLP AnyValue as text.
export function value(any) {
  if (!any) return '';
  if ('stringValue' in any) return any.stringValue;
  if ('intValue' in any) return String(any.intValue);
  if ('doubleValue' in any) return String(any.doubleValue);
  if ('boolValue' in any) return String(any.boolValue);
  if ('arrayValue' in any) return '[' + (any.arrayValue.values || []).map(value).join(', ') + ']';
  if ('kvlistValue' in any) return '{' + (any.kvlistValue.values || []).map(p => p.key + ': ' + value(p.value)).join(', ') + '}';
  return '(bytes)';
}

export function attributes(list) {
  return Object.fromEntries((list || []).map(pair => [pair.key, value(pair.value)]));
}
