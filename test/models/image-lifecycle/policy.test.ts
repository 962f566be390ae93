import { expiredBy, LifecycleRule, parsePolicy, RepositoryImage } from '../../../packages/rehearsal/src/image-lifecycle/policy';
import { ImageRepository } from '../../../packages/rehearsal/src/image-lifecycle/repository';

const NOW = 100;

const image = (digest: string, age: number, ...tags: string[]): RepositoryImage =>
  ({ digest, pushedAt: NOW - age, tags });

const action = { type: 'expire' };

type Rule = [selection: LifecycleRule['selection']];

function policy(...rules: Rule[]): string {
  return JSON.stringify({ rules: rules.map(([selection], index) => ({ rulePriority: index + 1, selection, action })) });
}

const count = (countNumber: number, ...tagPatternList: string[]): Rule =>
  [{ tagStatus: 'tagged', tagPatternList, countType: 'imageCountMoreThan', countNumber }];
const age = (countNumber: number, ...tagPatternList: string[]): Rule =>
  [{ tagStatus: 'tagged', tagPatternList, countType: 'sinceImagePushed', countUnit: 'days', countNumber }];
const ANY = (countNumber: number): Rule =>
  [{ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber }];
const UNTAGGED: Rule = [
  { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 },
];

describe('the lifecycle of images, as Amazon ECR documents it', () => {
  test.each([
    // lifecycle_policy_examples.html, "Filtering on image age"
    ['expires by age', policy(age(14, 'prod*')),
      [image('old', 15, 'prod1'), image('young', 14, 'prod2'), image('other', 15, 'dev')], ['old']],
    // "Filtering on image count": one untagged image stays
    ['counts untagged images', policy([{ tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 }]),
      [image('old', 2), image('new', 1), image('tagged', 3, 'a')], ['old']],
    // "Filtering on multiple rules", example A: what matches a rule is out of reach of the next
    ['protects what a rule of higher priority matches', policy(count(1, 'prod*'), count(1, 'beta*')),
      [image('a', 10, 'beta-1', 'prod-1'), image('b', 9, 'beta-2', 'prod-2'), image('c', 8, 'beta-3')], ['a']],
    // example B: what is protected counts
    ['counts what a rule of higher priority protects', policy(count(1, 'prod*'), count(1, 'beta*')),
      [image('a', 10, 'beta-1', 'prod-1'), image('b', 9, 'beta-2', 'prod-2'), image('c', 11, 'beta-3')], ['a', 'c']],
    // "Filtering on multiple tags in a single rule"
    ['wants all patterns of a rule', policy(count(1, 'alpha*', 'beta*')),
      [image('a', 5, 'alpha1'), image('b', 4, 'beta1'), image('c', 3, 'alpha2', 'beta2'), image('d', 2, 'alpha3', 'beta3')], ['c']],
    // "Filtering on all images"
    ['counts all images', policy(ANY(2)), [image('a', 3, 'x'), image('b', 2), image('c', 1, 'y')], ['a']],
    ['reads a pattern as a pattern', policy(age(1, 'live-*')), [image('a', 5, 'xlive-1'), image('b', 5, 'live-1'), image('c', 5, 'live')], ['b']],
    ['expires nothing without a rule', policy(), [image('a', 500)], []],
    ['goes by priority and not by order', JSON.stringify({
      rules: [
        { rulePriority: 9, selection: ANY(1)[0], action },
        { rulePriority: 2, selection: count(5, 'live*')[0], action },
      ],
    }), [image('a', 5, 'live'), image('b', 4, 'x'), image('c', 3, 'y')], ['b']],
  ])('%s', (_, text, images, expired) => {
    expect(expiredBy(parsePolicy(text), images, NOW)).toEqual(expired);
  });

  test.each([
    ['a priority twice', JSON.stringify({ rules: [1, 1].map((rulePriority) => ({ rulePriority, selection: UNTAGGED[0], action })) }), /priority of its own/],
    ['any image first', policy(ANY(1), UNTAGGED), /highest number/],
    ['a count type of its own', policy([{ ...UNTAGGED[0], countType: 'sinceImagePulled' as 'sinceImagePushed' }]), /does not know countType/],
    ['tags without a status', policy([{ ...ANY(1)[0], tagPatternList: ['a'] }]), /name tags/],
    ['no tags', policy(count(1)), /name tags/],
    ['a count of 0', policy(ANY(0)), /positive integer/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsePolicy(text)).toThrow(message);
  });
});

describe('a repository with immutable tags', () => {
  const create = (tagRenewsPushTime: boolean) => new ImageRepository(parsePolicy(policy(age(10, 'a*'))), { tagRenewsPushTime });

  test('refuses a tag that exists, on the same image too', () => {
    const repository = create(false);
    repository.put('one', 'a1', 0);
    expect(() => repository.put('two', 'a1', 0)).toThrow('tag a1 exists');
    expect(() => repository.put('one', 'a1', 0)).toThrow('tag a1 exists');
  });

  test.each([[true, ['one']], [false, []]])('renews the push time with a new tag if that is assumed (%s)', (renews, left) => {
    const repository = create(renews);
    repository.put('one', 'a1', 0);
    repository.put('one', 'a2', 5);
    repository.expire(11);
    expect(repository.digests).toEqual(left);
  });

  test('deletes an image with its last tag, and no other', () => {
    const repository = create(false);
    repository.put('one', 'a1', 0);
    repository.put('one', 'b1', 0);
    repository.removeTag('none');
    repository.removeTag('a1');
    expect(repository.find('one')?.tags).toEqual(['b1']);
    repository.removeTag('b1');
    expect(repository.find('one')).toBeUndefined();
  });
});
