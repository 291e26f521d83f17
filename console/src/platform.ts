// The operating systems whose commands differ, and the one that the reader most likely sits at.
const platforms = ['linux', 'macos', 'windows'] as const;
export type Platform = (typeof platforms)[number];

export function thisPlatform(agent: string = navigator.userAgent): Platform {
  if (/windows/i.test(agent)) return 'windows';
  return /mac os|iphone|ipad/i.test(agent) ? 'macos' : 'linux';
}

type WithPlatform = { platform: Platform | 'any' };

/** Those that the commands tell apart; none when all commands are for any. */
export const platformsOf = (commands: readonly WithPlatform[]): Platform[] =>
  platforms.filter((platform) => commands.some((command) => command.platform === platform));

export const forPlatform = <Command extends WithPlatform>(
  commands: readonly Command[],
  platform: Platform,
): Command[] => commands.filter((command) => command.platform === 'any' || command.platform === platform);

/** Where ⌘ is what Ctrl is elsewhere. */
export const isMac = (): boolean => thisPlatform() === 'macos';
