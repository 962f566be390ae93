/** Messages that the linter refuses. */
export function messages(value: number): string[] {
  return [
    `the service with ${value} tasks is told of ` + 'everything that happens',
    'one part of a message; another part of it; and a third part that is not counted together with the two before it, because each of them is a sentence',
    'goes off',
    `the alarm ${value > 1 ? 'of the service mends itself' : 'is fine'}`,
  ];
}
