// What on this page has less contrast than WCAG 2.2 asks for at level AA: 4.5 for text, 3 for large text (1.4.3), and 3 for
// the edges of fields and the parts of charts (1.4.11). Ratios by its definition of relative luminance.
(() => {
  const parse = text => {
    const numbers = (text.match(/-?[\d.]+/g) || []).map(Number);
    return { r: numbers[0] || 0, g: numbers[1] || 0, b: numbers[2] || 0, a: numbers.length > 3 ? numbers[3] : /^rgb/.test(text) ? 1 : 0 };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1 });
  const luminance = c => {
    const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
  };
  const ratio = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((one, other) => other - one);
    return (x + 0.05) / (y + 0.05);
  };
  const background = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const visible = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
  let pairs = 0;
  const failures = new Set();
  const judge = (element, color, below, least, what) => {
    if (color.a === 0) return;
    pairs++;
    const found = ratio(over(color, below), below);
    if (found < least - 0.005) failures.add(`${what} ${element.tagName.toLowerCase()}.${element.getAttribute('class') || ''}: ${found.toFixed(2)} < ${least}`);
  };
  const needed = style => {
    const size = parseFloat(style.fontSize);
    return size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700 ? 3 : 4.5;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || /^(title|script|style|noscript|option)$/i.test(element.tagName) || !visible(element)) continue;
    const style = getComputedStyle(element);
    judge(element, parse(element instanceof SVGElement ? style.fill : style.color), background(element), needed(style), 'text');
  }
  for (const field of document.querySelectorAll('input, select, textarea')) {
    if (!visible(field)) continue;
    const style = getComputedStyle(field);
    judge(field, parse(style.color), background(field), needed(style), 'value');
    if (field.placeholder && !field.value) judge(field, parse(getComputedStyle(field, '::placeholder').color), background(field), 4.5, 'placeholder');
    judge(field, parse(style.borderTopColor), background(field.parentElement), 3, 'edge');
  }
  for (const shape of document.querySelectorAll('.stroke, .fill, .limit, .exemplar path, .lane i, .lane b')) {
    if (!visible(shape)) continue;
    const style = getComputedStyle(shape);
    const drawn = shape instanceof SVGElement ? shape.matches('.fill') ? style.fill : style.stroke : style.backgroundColor;
    judge(shape, parse(drawn), background(shape.parentElement), 3, 'shape');
  }
  return JSON.stringify({ pairs, failures: [...failures] });
})()
