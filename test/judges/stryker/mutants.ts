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

/** Where these mutants are, as Stryker takes it; a mutant of several lines brings the others of its lines with it. */
export function rangesOf(mutants: Place[], sourceOf: (file: string) => string): string[] {
  return [...new Set(mutants.map((place) => `${place.file}:${rangeOf(place, sourceOf(place.file))}`))];
}

/** Lines begin at 1, columns at 0. */
function rangeOf({ line, lastLine, mutation }: Place, source: string): string {
  const { before, original } = partsOf(mutation);
  if (line !== lastLine || original === undefined) { return `${line}-${lastLine}`; }
  const column = /^\s*/.exec(source.split('\n')[line - 1])![0].length + before.length;
  return `${line}:${column}-${line}:${column + original.length}`;
}

/** What a mutation says of its line. */
function partsOf(mutation: string): { readonly before: string; readonly original?: string; readonly after: string } {
  const [, before = '', original, after = ''] = /^(.*?)⟦([^→]*?)(?: …)? → .*⟧(.*)$/s.exec(mutation) ?? [];
  return { before, original, after };
}

/** Where the line of a mutation stands now: the nearest one like it; `undefined` when there is none any more. */
export function nowAt<T extends Place>(place: T, source: string): T | undefined {
  const { before, original, after } = partsOf(place.mutation);
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
