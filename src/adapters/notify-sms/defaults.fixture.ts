/** For tests: settings as the configuration would make them. */
import { Value } from 'typebox/value'
import { SmsSettings } from './settings.ts'

export function withDefaults(given: Partial<SmsSettings> & Pick<SmsSettings, 'url'>): SmsSettings {
  return Value.Default(SmsSettings, structuredClone(given)) as SmsSettings
}
