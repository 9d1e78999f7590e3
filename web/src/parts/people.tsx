/** Who is inside, as far as this role may know. */
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { PeopleList, PersonBody, SiteView } from '../api/types.ts'
import { ago, dateTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { useFetched } from '../store/fetched.ts'
import { Glyph } from './icons.tsx'
import { Nothing, Show } from './states.tsx'

export function People({ site }: { site: SiteView }) {
  const { w, text } = useLanguage()
  const [words, setWords] = useState('')
  const [open, setOpen] = useState(false)
  // Each look is an entry of the audit log, so the list is asked for by hand and renewed at leisure.
  const of = useFetched<PeopleList>(open ? `sites/${encodeURIComponent(site.site)}/people` : undefined, {
    every: 60_000,
  })
  const areaName = (id: string) => {
    const area = site.areas.find((found) => found.id === id)
    return area ? text(area.name) : id
  }
  const wanted = words.toLowerCase()
  const shown = (of.value?.people ?? []).filter(
    (person) =>
      wanted === '' ||
      `${person.person} ${person.name ?? ''} ${person.card ?? ''} ${person.team ?? ''} ${areaName(person.area)}`
        .toLowerCase()
        .includes(wanted),
  )
  return (
    <section className="panel" aria-label={w.site.people}>
      <header>
        <h2>{w.site.people}</h2>
        <span className="quiet grow">{w.common.people(site.people)}</span>
        {open && <Button onClick={of.reload}>{w.common.refresh}</Button>}
        <Input
          allowClear
          style={{ width: 170 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder={w.site.filterPeople}
          aria-label={w.site.filterPeople}
        />
      </header>
      {!open ? (
        <div className="state-box">
          <Glyph name="people" size={30} />
          <span>{w.site.showPeopleHint}</span>
          <Button onClick={() => setOpen(true)}>{w.site.showPeople}</Button>
        </div>
      ) : (
        <Show of={of} retry={of.reload}>
          {(list) =>
            shown.length === 0 ? (
              <Nothing icon="people" title={w.site.noPeople} />
            ) : (
              <>
                {list.masked && <p className="stale-note">{w.site.masked}</p>}
                <Table people={shown} areaName={areaName} zone={site.timezone} />
              </>
            )
          }
        </Show>
      )}
    </section>
  )
}

interface TableProps {
  readonly people: readonly PersonBody[]
  readonly zone: string
  areaName(id: string): string
}

function Table({ people, areaName, zone }: TableProps) {
  const { lang, w } = useLanguage()
  const now = useNow()
  return (
    <div className="scroll">
      <table className="plain stacked" aria-label={w.site.people}>
        <thead>
          <tr>
            <th scope="col">{w.site.person}</th>
            <th scope="col">{w.site.where}</th>
            <th scope="col" className="num">
              {w.site.since}
            </th>
            <th scope="col" className="num">
              {w.site.seen}
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.person}>
              <td className="wide">
                {person.name ?? (person.person.startsWith('card:') ? w.site.unknownCard : person.person)}
                <span className="under">
                  {[person.card, person.team, person.role].filter((part) => part !== undefined).join(' · ')}
                </span>
              </td>
              <td className="wide" data-label={w.site.where}>
                {areaName(person.area)}
                {person.reader && <span className="under mono">{person.reader}</span>}
              </td>
              <td className="num nowrap" data-label={w.site.since} title={dateTime(Date.parse(person.since), zone)}>
                {duration(now - Date.parse(person.since), lang)}
              </td>
              <td className="num nowrap" data-label={w.site.seen} title={dateTime(Date.parse(person.ts), zone)}>
                {ago(now - Date.parse(person.ts), lang)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
