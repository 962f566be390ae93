import { STYLES } from '../../../packages/rehearsal/src/report/styles';

type Palette = Readonly<Record<string, string>>;

/** The first block of variables is the light scheme, the second overrides it in the dark one. */
const [light, dark] = [...STYLES.matchAll(/:root\{([^}]*)\}/g)].map(([, block]): Palette =>
  Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):(#[0-9a-f]+)/g)].map(([, name, value]) => [name, value])));

function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [red, green, blue] = [0, 2, 4].map((index) => parseInt(digits.slice(index, index + 2), 16) / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (high + 0.05) / (low + 0.05);
}

describe.each([['light', light], ['dark', dark]])('in the %s scheme', (_, palette) => {
  test.each([
    ['ink', 'page'], ['ink', 'card'], ['ink', 'bad-soft'], ['quiet', 'page'], ['quiet', 'card'], ['quiet', 'skip-soft'],
    ['good', 'good-soft'], ['failure-text', 'bad-soft'], ['failure-text', 'card'], ['warn', 'card'],
    ['on-strong', 'failure'], ['on-strong', 'warn'], ['page', 'ink'],
  ])('text in %s on %s has a contrast of at least 4.5', (text, background) => {
    expect(contrast(palette[text], palette[background])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['blue', 'failure', 'alarm', 'good', 'p99', 'ink', 'green-edge'])('%s stands out from the card', (name) => {
    expect(contrast(palette[name], palette.card)).toBeGreaterThanOrEqual(3);
  });

  test('blue and green differ in lightness, for readers who do not see the colors', () => {
    expect(contrast(palette.blue, palette.green)).toBeGreaterThanOrEqual(2.5);
  });
});
