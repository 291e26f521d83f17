import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { configFor, printResult } from '../context.ts';

export function registerDoctor(program: Command, context: CliContext): void {
  const command = program.command('doctor').description('check this installation and say what to mend');
  command.action(async () => {
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine(configFor(command, context), context);
    printResult(command, context, findings);
    if (findings.some(({ result }) => result === 'fail')) process.exitCode = 1;
  });
}
