/** A severity as colour, shape and word together, so that none of them has to be read alone. */
import type { Severity } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'

const SHAPES: Readonly<Record<Severity, string>> = {
  critical: 'M8 1.500h8L22.500 8v8L16 22.500H8L1.500 16V8z',
  major: 'M12 2L23 21.500H1z',
  minor: 'M12 1l11 11-11 11L1 12z',
  notice: 'M12 1.500a10.500 10.500 0 1 0 0 21 10.500 10.500 0 0 0 0-21z',
}

const MARKS: Readonly<Record<Severity, string>> = { critical: '!!', major: '!', minor: '!', notice: 'i' }

/** Octagon, triangle, diamond, circle. */
export function SeverityShape({ severity, size = 18 }: { severity: Severity; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false" className="sev-shape">
      <path d={SHAPES[severity]} fill={`var(--${severity}-fill)`} />
      <text
        x="12"
        y={severity === 'major' ? 19 : 17}
        textAnchor="middle"
        fontSize="14"
        fontWeight="800"
        fill={`var(--${severity}-on)`}
      >
        {MARKS[severity]}
      </text>
    </svg>
  )
}

/** Shape and word. */
export function SeverityTag({ severity, size = 18 }: { severity: Severity; size?: number }) {
  const { w } = useLanguage()
  return (
    <span className="sev-tag" style={{ color: `var(--${severity})` }}>
      <SeverityShape severity={severity} size={size} />
      <span>{w.severity[severity]}</span>
    </span>
  )
}
