/** Says that what stands in the configuration's files is not what is in force, to whoever may mend it. */
import type { ConfigurationBody } from '../api/types.ts'
import { clockTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { Glyph } from './icons.tsx'
import { useZone } from './zone.ts'

export function ConfigurationNote() {
  const { w } = useLanguage()
  const zone = useZone()
  const { value } = useFetched<ConfigurationBody>('configuration', { every: 5_000 })
  if (!value) return null
  const { state, refused, unrecorded, restart } = value
  if (state === 'in-force' && unrecorded === undefined) return null
  return (
    <section className="panel" role="status" aria-label={w.sources.configuration}>
      <div className="stale-note">
        <Glyph name="alert" size={16} />
        <div className="grow">
          {refused && (
            <>
              <b>{w.sources.notInForce(clockTime(Date.parse(refused.at), zone))}</b>
              {refused.problems.map((problem) => (
                <div key={problem} className="mono small">
                  {problem}
                </div>
              ))}
            </>
          )}
          {unrecorded !== undefined && (
            <div>
              {w.sources.unrecorded} <span className="mono small">{unrecorded}</span>
            </div>
          )}
          {restart.length > 0 && (
            <div>
              {w.sources.restart} <span className="mono">{restart.join(', ')}</span>
            </div>
          )}
        </div>
      </div>
    </section>
  )
}
