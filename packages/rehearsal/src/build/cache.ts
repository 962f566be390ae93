import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join, relative, resolve } from 'path';
import { expandGlobs } from './globs';
import { CacheSpec } from '../assembly/rendered';

/** What a build's cache did. */
export interface CacheUse {
  /** The key, evaluated. */
  readonly key: string;
  /** The key of what was restored; undefined when nothing fitted. */
  readonly restored?: string;
  /** Whether the build's files were kept under its key. */
  readonly saved: boolean;
}

/** The parts of a build that a cache reads and writes. */
export interface CachePlaces {
  readonly source: string;
  /** What `/root` is in CodeBuild. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Entry {
  readonly name: string;
  readonly key: string;
}

/**
 * CodeBuild's cache in S3, in a directory that outlives the build.
 *
 * With a key an entry is made once and never changed; without one there is one entry, which each build replaces.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-s3.html
 */
export class BuildCache {
  private readonly key: string;
  private restored?: string;

  constructor(
    private readonly directory: string, private readonly spec: CacheSpec, private readonly places: CachePlaces,
  ) {
    mkdirSync(directory, { recursive: true });
    this.key = this.evaluate(spec.key ?? '');
  }

  public restore(): void {
    if (this.spec.action === 'save') { return; }
    const entry = this.find();
    this.restored = entry?.key;
    if (entry) {
      for (const [archive, root] of this.roots()) {
        const file = join(this.directory, entry.name, archive);
        if (existsSync(file)) { execFileSync('tar', ['-xpf', file, '-C', root]); }
      }
    }
  }

  public save(): CacheUse {
    const { key, restored } = this;
    const same = this.entries().find((entry) => entry.key === key);
    const saved = this.spec.action !== 'restore' && (same === undefined || this.spec.key === undefined);
    if (saved) {
      if (same) { rmSync(join(this.directory, same.name), { recursive: true }); }
      this.write();
    }
    return { key, restored, saved };
  }

  private write(): void {
    const last = this.entries().map(({ name }) => Number(name)).sort((a, b) => b - a)[0] ?? 0;
    const entry = join(this.directory, String(last + 1).padStart(6, '0'));
    mkdirSync(entry);
    writeFileSync(join(entry, 'key'), this.key);
    const patterns = (this.spec.paths ?? []).map((path) => (path.startsWith('/root/') ? join(this.places.home, relative('/root', path)) : path));
    const files = expandGlobs(this.places.source, patterns).map((path) => resolve(this.places.source, path))
      .filter(existsSync);
    const byRoot = new Map(this.roots().map(([archive]) => [archive, [] as string[]]));
    for (const file of files) {
      const [archive, root] = this.roots().find(([, directory]) => file.startsWith(join(directory, '/'))) ?? this.roots()[2];
      byRoot.get(archive)?.push(relative(root, file));
    }
    for (const [archive, root] of this.roots()) {
      const names = byRoot.get(archive) ?? [];
      if (names.length > 0) {
        execFileSync('tar', ['-cf', join(entry, archive), '-C', root, '--no-recursion', '--null', '--files-from', '-'], { input: names.join('\0') });
      }
    }
  }

  /** The next build has its source and its home elsewhere. */
  private roots(): [string, string][] {
    return [['source.tar', this.places.source], ['home.tar', this.places.home], ['others.tar', '/']];
  }

  /** The key itself, else the newest entry that begins as the first fitting fallback. */
  private find(): Entry | undefined {
    const entries = this.entries();
    const exact = entries.find(({ key }) => key === this.key);
    if (exact) { return exact; }
    for (const fallback of this.spec['fallback-keys'] ?? []) {
      const prefix = this.evaluate(fallback);
      const found = entries.filter(({ key }) => key.startsWith(prefix)).pop();
      if (found) { return found; }
    }
    return undefined;
  }

  private entries(): Entry[] {
    return readdirSync(this.directory).sort().map((name) => ({ name, key: readFileSync(join(this.directory, name, 'key'), 'utf8') }));
  }

  private evaluate(key: string): string {
    const { source, env } = this.places;
    return execFileSync('bash', ['-c', 'eval "printf %s \\"$1\\""', 'bash', key], { cwd: source, env, encoding: 'utf8' });
  }
}
