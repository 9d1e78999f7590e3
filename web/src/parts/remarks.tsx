/** What people noted on an alarm: words, whom they gave it to, files. */
import { Button } from 'antd'
import { download } from '../api/files.ts'
import type { Problem } from '../api/http.ts'
import type { AlarmDetail, RemarkBody } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { useZone } from './zone.ts'

/** Whom the alarm was last given to. */
export function ownerOf(remarks: AlarmDetail['remarks']): string | undefined {
  return remarks.findLast((remark) => 'assigned' in remark)?.assigned
}

export function Remarks({ detail }: { detail: AlarmDetail }) {
  const { w } = useLanguage()
  const zone = useZone(detail.last.site)
  const may = useMay('operator')
  if (detail.remarks.length === 0) return null
  return (
    <section className="drawer-section" aria-label={w.remarks.title}>
      <h3>{w.remarks.title}</h3>
      <ol className="timeline">
        {[...detail.remarks].reverse().map((remark) => (
          <li key={`${remark.at} ${JSON.stringify(remark)}`}>
            <time dateTime={remark.at} className="quiet">
              {dateTime(Date.parse(remark.at), zone)}
            </time>
            <div>
              <Remark remark={remark} may={may} />
              <span className="under">{w.drawer.by(remark.by)}</span>
            </div>
          </li>
        ))}
      </ol>
      {!may && detail.remarks.some((remark) => 'attached' in remark) && (
        <p className="quiet small">{w.remarks.operatorOnly}</p>
      )}
    </section>
  )
}

function Remark({ remark, may }: { remark: RemarkBody; may: boolean }) {
  const { w } = useLanguage()
  if ('text' in remark) return <span className="said">{remark.text}</span>
  if ('assigned' in remark) return <b>{w.remarks.assigned(remark.assigned)}</b>
  const { name, sha256, size } = remark.attached
  const fetch = () =>
    download(`attachments/${sha256}`, name).catch((error: unknown) =>
      notify({ tone: 'error', title: w.remarks.failed, problem: error as Problem }),
    )
  return (
    <span className="row wrap">
      <span className="mono said">{name}</span>
      <span className="quiet small">{sizeOf(size)}</span>
      {may && (
        <Button size="small" onClick={() => void fetch()} aria-label={w.remarks.download(name)}>
          ↓
        </Button>
      )}
    </span>
  )
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
