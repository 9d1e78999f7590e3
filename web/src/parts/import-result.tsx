/** What became of the rows of a file, or would: counts, each refusal with its row and column, and the rows as they were read. */
import type { ImportReply } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'

const REFUSED_SHOWN = 200

export function ImportResult({ reply }: { reply: ImportReply }) {
  const { w } = useLanguage()
  const { dryRun, taken, known, refused, rows } = reply
  const words = w.hazards.import
  return (
    <div className="panel-part" role="status">
      <p className="row wrap">
        <span className="flag" data-tone={taken > 0 ? 'ok' : 'dim'}>
          {dryRun ? words.wouldTake(taken) : words.taken(taken)}
        </span>
        {known > 0 && (
          <span className="flag" data-tone="notice">
            {words.known(known)}
          </span>
        )}
        {refused.length > 0 && (
          <span className="flag" data-tone="major">
            {words.refused(refused.length)}
          </span>
        )}
        {taken + known + refused.length === 0 && <span className="dim">{words.nothing}</span>}
      </p>
      {refused.length > 0 && <Refusals refused={refused} />}
      {rows && rows.length > 0 && <Rows rows={rows} />}
    </div>
  )
}

function Refusals({ refused }: Pick<ImportReply, 'refused'>) {
  const { w, text } = useLanguage()
  const words = w.hazards.import
  return (
    <div className="sideways">
      <table className="plain" aria-label={words.refusals}>
        <thead>
          <tr>
            <th scope="col" className="num">
              {words.row}
            </th>
            <th scope="col">{words.column}</th>
            <th scope="col">{words.why}</th>
          </tr>
        </thead>
        <tbody>
          {refused.slice(0, REFUSED_SHOWN).map(({ row, column, code, detail, explained }) => (
            <tr key={`${row} ${column} ${code}`}>
              <td className="num">{row}</td>
              <td>{column ?? <span className="dim">{w.common.none}</span>}</td>
              <td>
                {explained ? text(explained) : detail}
                <span className="under mono">{code}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {refused.length > REFUSED_SHOWN && <p className="quiet">{words.first(REFUSED_SHOWN)}</p>}
    </div>
  )
}

function Rows({ rows }: { rows: NonNullable<ImportReply['rows']> }) {
  const { w } = useLanguage()
  const words = w.hazards.import
  return (
    <div className="sideways">
      <table className="plain" aria-label={words.rows}>
        <thead>
          <tr>
            <th scope="col" className="num">
              {words.row}
            </th>
            <th scope="col">{w.hazards.external}</th>
            <th scope="col">{w.hazards.grade}</th>
            <th scope="col">{w.hazards.text}</th>
            <th scope="col">{w.hazards.site}</th>
            <th scope="col">{w.hazards.area}</th>
            <th scope="col">{w.hazards.deadline}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row} className={row.known ? 'dim' : undefined}>
              <td className="num">{row.row}</td>
              <td className="mono nowrap">
                {row.external}
                {row.known && <span className="under">{words.knownRow}</span>}
              </td>
              <td className="nowrap">{row.grade === 'major' ? w.hazards.grades.major : w.hazards.grades.general}</td>
              <td>{row.text}</td>
              <td className="nowrap">{row.site}</td>
              <td className="nowrap">{row.area ?? w.common.none}</td>
              <td className="nowrap">{row.deadline?.slice(0, 16).replace('T', ' ') ?? w.hazards.noDeadline}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
