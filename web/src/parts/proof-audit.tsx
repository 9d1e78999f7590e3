/** What was done about an alarm, and where the audit chain holds it. */
import type { AuditLine, Bundle } from '../api/evidence.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { Hash } from './hash.tsx'
import { useZone } from './zone.ts'

export function ProofAudit({ bundle: { audit, transitions, site } }: { bundle: Bundle }) {
  const { w } = useLanguage()
  const zone = useZone(site)
  const acks = transitions.filter(({ cause }) => cause === 'acked')
  return (
    <>
      <div>
        <h4>{w.proof.acks}</h4>
        {acks.length === 0 ? (
          <p className="quiet">{w.proof.noAcks}</p>
        ) : (
          acks.map(({ id, by, at }) => (
            <p key={id}>
              <b>{by}</b> · {dateTime(Date.parse(at), zone)}
            </p>
          ))
        )}
      </div>
      <div>
        <h4>{w.proof.audit}</h4>
        {audit.records.length === 0 ? (
          <p className="quiet">{w.proof.noAudit}</p>
        ) : (
          <div className="scroll">
            <table className="plain small" aria-label={w.proof.audit}>
              <thead>
                <tr>
                  <th scope="col" className="num">
                    {w.proof.record}
                  </th>
                  <th scope="col">{w.proof.who}</th>
                  <th scope="col">{w.proof.action}</th>
                  <th scope="col">{w.proof.hash}</th>
                </tr>
              </thead>
              <tbody>
                {audit.records.map((record) => (
                  <tr key={record.n}>
                    <td className="num">{record.n}</td>
                    <td>
                      {record.who}
                      <span className="under nowrap">{dateTime(Date.parse(record.at), zone)}</span>
                    </td>
                    <td>{done(record, w.proof.actions)}</td>
                    <td>
                      <Hash of={record.hash} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {audit.head && (
          <p className="quiet small">
            {w.proof.head(audit.head.n)}: <Hash of={audit.head.hash} />
          </p>
        )}
      </div>
    </>
  )
}

/** The action, with the command's own name where it was one. */
function done({ action, detail }: AuditLine, words: Readonly<Record<string, string>>): string {
  const command = (detail as { command?: unknown } | undefined)?.command
  return typeof command === 'string' ? `${words[action] ?? action}: ${command}` : (words[action] ?? action)
}
