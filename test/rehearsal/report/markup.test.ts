import { element, removeControls, render, shortNumber, trusted } from '../../../packages/rehearsal/src/report/markup';

test.each([
  [3, '3'], [3.14159, '3.1'], [-0.04, '0'], [Number.NaN, '0'], [Number.POSITIVE_INFINITY, '0'],
])('the number %d is written as %s', (value, expected) => {
  expect(shortNumber(value)).toBe(expected);
});

test('text and attributes are escaped, and markup is not', () => {
  const { markup } = element('p', { 'title': '"<&\'', 'data-n': 1.25, 'lang': undefined }, '<b>', trusted('<i></i>'), 7, undefined, ['a', ['b']]);
  expect(markup).toBe('<p title="&quot;&lt;&amp;&#39;" data-n="1.3">&lt;b&gt;<i></i>7ab</p>');
});

test('an element without content has an end tag, unless HTML has none for it', () => {
  expect(render([element('td'), element('meta', { charset: 'utf-8' })])).toBe('<td></td><meta charset="utf-8"/>');
});

test('controls, colors of a terminal, and halves of pairs are removed, and other text stays', () => {
  expect(removeControls('a\u0000b\u001b[1;31mc\ud800d\ufffee\n\tf\u{1f600}訂')).toBe('abcde\n\tf\u{1f600}訂');
});
