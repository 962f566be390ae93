import { Fn } from 'aws-cdk-lib';

/** The document of the shell that the settings are in, and the line that ends it. */
const SETTINGS_BEGIN = 'cat > "$DELIVERY_HOME/settings.sh" <<\'END OF FILE\'';
const SETTINGS_END = 'END OF FILE';

/**
 * A command that writes a file. As Base64, so that no quote and no dollar sign of a user's text reaches the shell.
 *
 * Whoever reads a buildspec finds the file with `contentWrittenTo`: the two change together.
 */
export function writeFile(content: string, file: string): string {
  return `printf %s '${Fn.base64(content)}' | base64 -d > "${file}"`;
}

/** What a reader puts in the place of `Fn::Base64`: the content, or the index of it. */
export function markContent(content: string | number): string {
  return `«${content}»`;
}

/** Whether a text has the index of a content in it. */
export function holdsContent(text: string): boolean {
  return /«\d+»/.test(text);
}

/**
 * The mark of what a command writes to a file of this name, without its signs; undefined when none does.
 *
 * Commands that others have written are read as well, such as one with `--decode` or without quotation marks.
 */
export function contentWrittenTo(file: string, commands: string): string | undefined {
  const name = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`«([^«»]*)»'? *\\| *base64 (?:-d|--decode) *> *[^ ]*/${name}\\b`).exec(commands)?.[1];
}

/** Lines of a command that writes the settings of the build's program. */
export function writeSettings(lines: string[]): string[] {
  return [SETTINGS_BEGIN, ...lines, SETTINGS_END];
}

/**
 * The settings in a command.
 *
 * @throws when there are none, since a check of nothing would pass
 */
export function settingsWrittenBy(commands: string): string {
  const [, rest] = commands.split(`${SETTINGS_BEGIN}\n`);
  const end = rest?.indexOf(`\n${SETTINGS_END}\n`) ?? -1;
  if (end < 0) {
    throw new Error('the commands of the build write no settings that can be read');
  }
  return rest.slice(0, end);
}
