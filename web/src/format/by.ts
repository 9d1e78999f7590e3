/** Who, or which declared window of work (`calibrate/…`, `power-cut-test/…`), did something to an alarm. */
import type { Words } from '../i18n/words.ts'

const WINDOW = /^(calibrate|power-cut-test)\/(.+)$/

/** Whether it is a declared window. */
export const isWindow = (by: string): boolean => WINDOW.test(by)

/** A window by its kind's word and its name; anybody and anything else as it is. */
export function byText(by: string, { windows }: Pick<Words, 'windows'>): string {
  const [, kind, name] = WINDOW.exec(by) ?? []
  return kind === undefined ? by : `${windows.kinds[kind as keyof typeof windows.kinds]} (${name})`
}
