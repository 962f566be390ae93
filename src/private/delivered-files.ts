import { Fn } from 'aws-cdk-lib';

/** The first and the last line of the here-document that contains the settings. */
const SETTINGS_BEGIN = 'cat > "$DELIVERY_HOME/settings.sh" <<\'END OF FILE\'';
const SETTINGS_END = 'END OF FILE';

/**
 * A command that writes a file. The content is Base64, so that the shell cannot interpret quotes or dollar signs in it.
 *
 * `contentWrittenTo` finds the file in a buildspec: change both functions together.
 */
export function writeFile(content: string, file: string): string {
  return `printf %s '${Fn.base64(content)}' | base64 -d > "${file}"`;
}

/** The mark that a reader puts in the place of `Fn::Base64`: the content, or its index. */
export function markContent(content: string | number): string {
  return `«${content}»`;
}

/** Whether a string contains the mark of an index. */
export function holdsContent(text: string): boolean {
  return /«\d+»/.test(text);
}

/**
 * The marked content that a command writes to a file of this name, without the signs of the mark. It is undefined if no
 * command writes the file.
 *
 * Hand-written commands are also recognized, such as one with `--decode` or without quotation marks.
 */
export function contentWrittenTo(file: string, commands: string): string | undefined {
  const name = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`«([^«»]*)»'? *\\| *base64 (?:-d|--decode) *> *[^ ]*/${name}\\b`).exec(commands)?.[1];
}

/** The lines of a command that writes the settings of the build program. */
export function writeSettings(lines: string[]): string[] {
  return [SETTINGS_BEGIN, ...lines, SETTINGS_END];
}

/**
 * The settings in a command.
 *
 * @throws if there are none, because a check of nothing would pass
 */
export function settingsWrittenBy(commands: string): string {
  const [, rest] = commands.split(`${SETTINGS_BEGIN}\n`);
  const end = rest?.indexOf(`\n${SETTINGS_END}\n`) ?? -1;
  if (end < 0) {
    throw new Error('the commands of the build must write readable settings, got none');
  }
  return rest.slice(0, end);
}
