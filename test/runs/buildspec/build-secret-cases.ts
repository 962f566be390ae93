import { execFileSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { BOTH, Case, CaseFactory, light, LIGHT_GATES, ONE, Project } from './case-factory';
import { expectRelease, releasedImage, Run } from './expectations';
import { expectNoSecrets } from './images';
import { BuildSecret, PipOptions } from '../../../src';

const PARAMETER = '/orders/token';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:index-123456';

/** With everything that a shell could take for its own. */
const TOKEN = 'pa\'ss "word" $HOME 7f3e9a';
const FIELD = 'line one 4c8d21\nline two\n';

/** Builds of Dockerfiles with secrets and stages. */
export class BuildSecretCases extends CaseFactory {
  public all(): readonly Case[] {
    return [this.mounted(), ...this.absent(), ...this.stages()];
  }

  private mounted(): Case {
    const hash = 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())';
    return {
      ...this.case('a Dockerfile mounts secrets of Parameter Store and Secrets Manager, which stay nowhere', {
        ...this.project(
          { token: BuildSecret.fromParameterStore({ parameterName: PARAMETER }), index: this.fromSecret('conf') },
          'RUN --mount=type=secret,id=token,required=true --mount=type=secret,id=index,target=/etc/pip.conf '
          + `python -c '${hash}' /run/secrets/token > /app/token && python -c '${hash}' /etc/pip.conf > /app/index`,
        ),
        modes: BOTH,
        choices: {
          aws: { parameters: { [PARAMETER]: TOKEN }, secrets: { [SECRET]: JSON.stringify({ conf: FIELD }) } },
        },
      }),
      cached: true,
      check: async (run) => {
        await expectRelease(run, { gates: LIGHT_GATES, minimumTests: 1 });
        await this.expectHashes(run, { token: TOKEN, index: FIELD });
        await this.expectNowhere(run);
      },
    };
  }

  private absent(): Case[] {
    const mount = 'RUN --mount=type=secret,id=token,required=true cat /run/secrets/token > /dev/null';
    return [
      this.refused('a build secret whose parameter does not exist fails the build, and is not retried',
        this.project({ token: BuildSecret.fromParameterStore({ parameterName: PARAMETER }) }, mount),
        { verdict: `image: the parameter ${PARAMETER} of the build secret token could not be read: create it with aws ssm put-parameter --type SecureString` },
        ({ expect, result }) => expect.that(result.calls.some(({ args }) => args.join(' ').endsWith('/verdict')), 'the verdict was not kept')),
      this.refused('a build secret whose secret has no such field fails the build', {
        ...this.project({ token: this.fromSecret('other') }, mount),
        choices: { aws: { secrets: { [SECRET]: JSON.stringify({ conf: FIELD }) } } },
      }, { verdict: 'image: the secret of the build secret token could not be read: store a JSON object with the field other' }),
      this.refused('a Dockerfile that requires a secret without buildSecrets fails the build', this.project(undefined, mount),
        { verdict: 'image: the Dockerfile mounts the secret token, which the build does not have: add it to buildSecrets' }),
      this.refused('a Dockerfile that reads a secret without buildSecrets fails the build',
        this.project(undefined, mount.replace(',required=true', '')),
        { verdict: 'image: the Dockerfile mounts the secret token, which the build does not have: add it to buildSecrets' }),
    ];
  }

  private stages(): Case[] {
    const dockerfile = this.dockerfile('shop').replace('-slim', '-slim AS production') + 'FROM production AS tools\nRUN exit 1\n';
    const project = (imageTarget: string): Project =>
      light({ files: { Dockerfile: dockerfile }, python: { imageTarget } });
    return [
      this.released('a stage of the Dockerfile becomes the image', { ...project('production'), modes: ONE }, undefined, LIGHT_GATES),
      this.refused('a stage that the Dockerfile does not have fails the build', project('staging'),
        { verdict: 'image: the Dockerfile has no stage staging: set imageTarget to the name of one of its stages' }),
    ];
  }

  private project(buildSecrets: PipOptions['buildSecrets'], instruction: string): Project {
    const dockerfile = this.dockerfile('shop').replace('USER', `${instruction}\nUSER`);
    return light({ files: { Dockerfile: dockerfile }, python: { buildSecrets } });
  }

  private fromSecret(field: string): BuildSecret {
    return BuildSecret.fromSecret(secretsmanager.Secret.fromSecretCompleteArn(new Stack(), 'Index', SECRET), { field });
  }

  /** The command of the Dockerfile has seen exactly the secrets. */
  private async expectHashes(run: Run, secrets: Readonly<Record<string, string>>): Promise<void> {
    const image = releasedImage(run) ?? '';
    for (const [name, secret] of Object.entries(secrets)) {
      const hash = execFileSync('sha256sum', { input: secret, encoding: 'utf8' }).split(' ')[0];
      run.expect.equal(await run.engine.docker('run', '--rm', '--network', 'none', image, 'cat', `/app/${name}`), hash, `the hash of the secret ${name}`);
    }
  }

  private async expectNowhere(run: Run): Promise<void> {
    const { expect, result, rendered, engine } = run;
    const marks = { 'the token': '7f3e9a', 'the index': '4c8d21' };
    await expectNoSecrets(expect, engine, releasedImage(run) ?? '', marks);
    const calls = result.calls.map(({ args }) => args.join(' ')).join('\n');
    for (const [what, mark] of Object.entries(marks)) {
      expect.that(!result.output.includes(mark), `${what} is in the log`);
      expect.that(!calls.includes(mark), `${what} is in an argument`);
      expect.that(!rendered.text.includes(mark), `${what} is in the template`);
      // the reports, the caches, the buckets, and the registry, whose layers are compressed
      const places = [join(result.sourceDirectory, '.delivery'), result.buckets, join(result.buckets, '..', 'cache'), engine.facts.storage];
      for (const place of places.filter((each) => existsSync(each))) {
        expect.equal(filesWith(mark, place), '', `the files with ${what} in ${place}`);
      }
    }
  }
}

function filesWith(mark: string, place: string): string {
  const search = 'find "$1" -type f -print0 | xargs -0 -r -n 64 sh -c \'mark="$1"; shift; for file; do { zcat -f "$file" 2> /dev/null || true; } | grep -q --text -F "$mark" && echo "$file"; done; true\' sh "$2"';
  return execFileSync('bash', ['-c', search, 'bash', place, mark], { encoding: 'utf8' }).trim();
}
