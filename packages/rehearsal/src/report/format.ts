/** Figures in words. What is not a number is shown as a dash. */
const NONE = '–';

export function count(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : NONE;
}

/** Such as `1 request` or `3 requests`. */
export function countOf(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A rate or a share with as many decimals as say something. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) { return NONE; }
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) { return count(value); }
  return value.toFixed(size >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

export function percent(share: number): string {
  if (!Number.isFinite(share)) { return NONE; }
  if (share > 0 && share < 0.0001) { return '< 0.01 %'; }
  if (share < 1 && share > 0.9999) { return '> 99.99 %'; }
  return `${decimal(share * 100)} %`;
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) { return NONE; }
  if (value >= 1000) { return `${decimal(value / 1000)} s`; }
  return value >= 10 || value < 0.1 ? `${Math.round(value)} ms` : `${decimal(Math.round(value * 10) / 10)} ms`;
}

/** Such as `42 s`, `3 min 5 s` or `1 h 2 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) { return NONE; }
  if (seconds < 10) { return `${decimal(Math.round(seconds * 10) / 10)} s`; }
  const whole = Math.round(seconds);
  if (whole < 60) { return `${whole} s`; }
  if (whole < 3600) { return [`${Math.floor(whole / 60)} min`, whole % 60 ? `${whole % 60} s` : ''].join(' ').trim(); }
  const minutes = Math.round(whole / 60);
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 ? `${minutes % 60} min` : ''].join(' ').trim();
}

/** Such as `0:42` or `1:02:03`, for the axis and for lists of events. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) { return NONE; }
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => `${part}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Without seconds' fractions, and readable; the text itself if it is no date. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Shortened in the middle of a sentence. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('').trimEnd()}…`;
}
