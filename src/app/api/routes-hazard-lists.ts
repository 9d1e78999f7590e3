/** Hazards by the list: statistics, files out, files in. */
import type { FastifyInstance } from 'fastify'
import { formatInstant } from '../../model/time.ts'
import { hazardTableOf } from '../hazards/export.ts'
import { type ReadRow, readHazards } from '../hazards/import.ts'
import { hazardStatistics } from '../hazards/statistics.ts'
import { readTable } from '../sheet/read.ts'
import { SHEET_TYPES, sheetOf } from '../sheet/table.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { hazardQuery } from './hazard-views.ts'
import { Refused } from './problems.ts'
import { ExportQuery, HazardStatisticsBody, ImportQuery, ImportReply } from './schemas-hazards.ts'

/** Bytes of a file that is taken in. */
const MOST_BYTES = 5 * 1024 * 1024
/** Rows journaled at a time. */
const PORTION = 250
/** Rows of a dry run that are shown. */
const SHOWN = 100

export function hazardListRoutes(app: FastifyInstance, context: ApiContext): void {
  const { service, auth } = context

  app.get(
    '/api/v1/hazards/statistics',
    {
      schema: describe({
        summary: 'Hazards by region, sector, grade and state, overdue ones, mean time to close',
        tag: 'hazards',
        replies: { 200: { what: 'Counts', body: HazardStatisticsBody } },
      }),
    },
    async () => {
      const counts = await service.hazards.counts()
      return { at: formatInstant(service.now()), ...hazardStatistics(counts, service.installation()) }
    },
  )

  app.get<{ Querystring: ExportQuery }>(
    '/api/v1/hazards/export',
    {
      schema: describe({
        summary: 'Hazards as a file for a spreadsheet',
        description:
          'At most 50 000, the one found last first; `Davy-Cut: ?1` where there are more. Texts are never formulas.',
        tag: 'hazards',
        query: ExportQuery,
        replies: { 200: { what: 'CSV, or XLSX', body: { type: 'string' } as never, type: 'text/csv' } },
        problems: ['word-unknown'],
      }),
    },
    async (request, reply) => {
      const { format = 'csv', ...filters } = request.query
      const installation = service.installation()
      const query = hazardQuery(filters, installation)
      const { table, cut } = await hazardTableOf(service.hazards, { query, installation })
      const { user } = principalOf(request)
      const detail = { format, rows: table.rows.length }
      await auth.audit.append({ who: user, action: 'hazards-exported', object: 'hazards', address: request.ip, detail })
      if (cut) reply.header('davy-cut', '?1')
      return reply
        .type(SHEET_TYPES[format])
        .header('content-disposition', `attachment; filename="hazards.${format}"`)
        .send(await sheetOf([table], format))
    },
  )

  // Files are taken on this route only: everywhere else a body is JSON.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/octet-stream'],
      { parseAs: 'buffer', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.post<{ Querystring: ImportQuery; Body: Buffer }>(
      '/api/v1/hazards/import',
      {
        bodyLimit: MOST_BYTES,
        schema: describe({
          summary: 'Take in a list of hazards, CSV or XLSX',
          description:
            'At most 5 MiB and 5 000 rows under a row of titles, as the export writes them; needed are external number, grade and what was found. A row whose external number the site has is left alone, so a file can be sent twice. Good rows are taken where others are refused. The body is the file itself. With `dryRun` nothing is taken in: the answer says what would be, row by row.',
          tag: 'hazards',
          query: ImportQuery,
          replies: { 200: { what: 'What became of the rows', body: ImportReply } },
          problems: ['site-unknown', 'sheet-unreadable', 'sheet-too-large', 'payload-too-large', 'media-type'],
        }),
      },
      async (request): Promise<ImportReply> => {
        const { user } = principalOf(request)
        const { site, dryRun } = request.query
        if (site !== undefined) siteOf(service, site)
        if (!Buffer.isBuffer(request.body)) throw new Refused('media-type', { detail: 'the body is JSON, not a file' })
        const rows = await readTable(request.body)
        const { good, bad } = readHazards(rows, {
          installation: service.installation(),
          site,
          by: user,
          now: service.now(),
        })
        const known = await knownOf(good, context)
        const spoken = bad.map(({ detail, ...row }) => ({ ...row, detail: detail.en, explained: detail }))
        if (dryRun) {
          const again = good.filter((row) => known.has(row)).length
          const shown = good.slice(0, SHOWN).map((row) => rowBody(row, { known: known.has(row), service }))
          return { dryRun, taken: good.length - again, known: again, refused: spoken, rows: shown }
        }
        const done = await take(good, { known, service })
        const all = [...spoken, ...done.refused].sort((a, b) => a.row - b.row)
        const detail = { rows: rows.length, taken: done.taken, known: done.known, refused: all.length }
        await auth.audit.append({
          who: user,
          action: 'hazards-imported',
          object: site ?? 'hazards',
          address: request.ip,
          detail,
        })
        return { taken: done.taken, known: done.known, refused: all }
      },
    )
  })
}

/** Rows whose number the list has, whenever it was closed. */
async function knownOf(good: readonly ReadRow[], { service }: ApiContext): Promise<ReadonlySet<ReadRow>> {
  const known = new Set<ReadRow>()
  for (const [site, rows] of Map.groupBy(good, ({ report }) => report.site)) {
    const external = rows.map(({ report }) => report.external!)
    const numbers = new Set(await service.hazards.known({ site, external }))
    for (const row of rows) if (numbers.has(row.report.external!)) known.add(row)
  }
  return known
}

/** Journals each row that is not known, in order. */
async function take(
  good: readonly ReadRow[],
  { known, service }: { known: ReadonlySet<ReadRow>; service: ApiContext['service'] },
): Promise<ImportReply> {
  const fresh = good.filter((row) => !known.has(row))
  const refused: ImportReply['refused'] = []
  let again = good.length - fresh.length
  for (let i = 0; i < fresh.length; i += PORTION) {
    const portion = fresh.slice(i, i + PORTION)
    const reports = await Promise.all(portion.map(({ report }) => service.command(report)))
    for (const [j, { refusal }] of reports.entries()) {
      if (refusal?.code === 'hazard-known') again += 1
      else if (refusal) refused.push({ row: portion[j]!.row, code: refusal.code, detail: refusal.message })
    }
  }
  return { taken: good.length - again - refused.length, known: again, refused }
}

function rowBody(
  { row, report }: ReadRow,
  { known, service }: { known: boolean; service: ApiContext['service'] },
): NonNullable<ImportReply['rows']>[number] {
  const { site, external = '', grade, text, area, deadline } = report
  const zone = service.installation().sites.get(site)?.timezone
  return {
    row,
    site,
    external,
    grade,
    // A file has one language, which stands for both.
    text: text.zh,
    ...(area !== undefined && { area }),
    ...(deadline !== undefined && { deadline: formatInstant(deadline, zone) }),
    ...(known && { known }),
  }
}
