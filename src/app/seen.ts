/** What a command is meant for, in a form that outlives the program: which episode stood, by its place in the journal. */
import type { Command } from '../model/command.ts'
import type { Offset } from '../model/entry.ts'
import type { Fold } from './fold.ts'

/** The command as it is journaled. Where the episode it names stands, the last judged entry is noted with it: the number alone means
 *  nothing to a program that counts episodes otherwise. Where it does not, the fold refuses it by its number. */
export function seen(command: Command, { fold, offset }: { readonly fold: Fold; readonly offset: Offset }): Command {
  if (!('alarm' in command) || !('episode' in command) || command.episode === undefined) return command
  return fold.desk.find(command.alarm)?.episode === command.episode ? { ...command, seen: offset } : command
}
