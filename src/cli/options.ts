// Command-line options made of the settings table.
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Setting } from '../config/settings.ts';
import { laterSettings, settingNames, settings } from '../config/settings.ts';
import { CliError } from './context.ts';

/** Commander answers camel-cased names; settings go by their own. */
export function addSettings(command: Command, scope: Setting['scope']): void {
  for (const name of settingNames) {
    const setting: Setting = settings[name];
    if (setting.scope === scope) command.addOption(optionOf(name, setting));
  }
}

/** Options of the whole product that this version does not have are refused by name, not as a typing error. */
export function refuseLaterSettings(command: Command): void {
  for (const name of laterSettings) {
    const refuse = (): never => {
      throw new CliError(`--${name} is not available in this version: remove it`, { usage: true });
    };
    command.addOption(new Option(`--${name} [VALUE]`).hideHelp().argParser(refuse));
    command.on(`option:${name}`, refuse);
  }
}

function optionOf(name: string, setting: Setting): Option {
  const flags = setting.placeholder === null ? `--${name}` : `--${name} <${setting.placeholder}>`;
  const notes = [setting.repeatable ? 'repeatable' : '', setting.default === null ? '' : `default: ${setting.default}`];
  const note = notes.filter((text) => text !== '').join('; ');
  const option = new Option(flags, note === '' ? setting.meaning : `${setting.meaning} (${note})`);
  option.attributeName = () => name;
  if (setting.repeatable) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}
