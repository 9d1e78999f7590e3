/** Every rule, one line each; the key is the configuration's word. */
import type { Rule } from '../model/rule.ts'

export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([])
