/** A report of Stryker, as far as it is read here. */
export interface Report {
  readonly files: { readonly [file: string]: { readonly source: string; readonly mutants: ReportedMutant[] } };
}

export interface ReportedMutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: Status;
  readonly location: { readonly start: Position; readonly end: Position };
}

type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored' | 'Pending';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  /** The line, with what stands in it and what the mutant puts there: does not change when lines move. */
  readonly mutation: string;
}

export interface Mutant extends Place {
  readonly status: Status;
}

export function mutantsOf({ files }: Report): Mutant[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants.map((mutant) => ({
      file,
      line: mutant.location.start.line,
      lastLine: mutant.location.end.line,
      status: mutant.status,
      mutation: mutationOf(mutant, lines),
    }));
  });
}

/** Lines and columns of a report begin at 1. */
function mutationOf({ location: { start, end }, replacement }: ReportedMutant, lines: string[]): string {
  const first = lines[start.line - 1];
  const before = first.slice(0, start.column - 1).trimStart();
  const original = start.line === end.line ? first.slice(start.column - 1, end.column - 1) : `${first.slice(start.column - 1)} …`;
  const after = lines[end.line - 1].slice(end.column - 1);
  return `${before}⟦${original} → ${short(replacement)}⟧${after}`;
}

function short(replacement: string): string {
  const [first, ...rest] = replacement.split('\n');
  return rest.length === 0 ? first : `${first} …`;
}

export function isAlive({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

/** The lines of these mutants, as Stryker takes them; a line brings its other mutants with it. */
export function rangesOf(mutants: Place[]): string[] {
  return [...new Set(mutants.map(({ file, line, lastLine }) => `${file}:${line}-${lastLine}`))];
}

/** Where the line of a mutation stands now: the nearest one like it; `undefined` when there is none any more. */
export function nowAt<T extends Place>(place: T, source: string): T | undefined {
  const [, before, original, after] = /^(.*?)⟦([^→]*?)(?: …)? → .*⟧(.*)$/s.exec(place.mutation) ?? [];
  const [isLine, height] = place.line === place.lastLine
    ? [(line: string) => line === before + original + after, 0]
    : [(line: string) => line.startsWith(before + original), place.lastLine - place.line];
  const [nearest] = source.split('\n').flatMap((line, index) => (isLine(line.trimStart()) ? [index + 1] : []))
    .sort((a, b) => Math.abs(a - place.line) - Math.abs(b - place.line));
  return nearest === undefined ? undefined : { ...place, line: nearest, lastLine: nearest + height };
}

export function identityOf({ file, line, mutation }: Place): string {
  return `${file}:${line} ${mutation}`;
}
