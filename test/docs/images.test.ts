import * as fs from 'fs';
import * as path from 'path';
import { DOCS } from './pages';

const IMAGES = path.join(DOCS, 'images');
/** Values that a program wrote without knowing them. */
const UNKNOWN = /\[object \w+\]|\$\{|\bundefined\b|\bNaN\b/;

describe('the images of the docs', () => {
  test.each(fs.readdirSync(IMAGES))('%s show no value that their program did not know', (image) => {
    expect(UNKNOWN.exec(fs.readFileSync(path.join(IMAGES, image), 'utf8'))).toBeNull();
  });

  test('would be found with such a value', () => {
    expect(['CloudWatch dashboard [object Object]', '${Dashboard}', 'undefined', 'NaN'].filter((text) => !UNKNOWN.test(text))).toEqual([]);
  });
});
