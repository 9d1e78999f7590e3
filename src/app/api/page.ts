/** The built page: its files, and index.html for every address the page itself routes. */
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { sendProblem } from './error-handler.ts'
import { Refused } from './problems.ts'

/** `folder` is the page as built, with `index.html` and hashed files under `assets/`. Without it the API stands alone. */
export async function servePage(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      index: ['index.html'],
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders(reply, path) {
        // Vite puts a hash of the content into the names under assets/.
        const lasting = path.startsWith(join(folder, 'assets') + sep)
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const forPage =
      (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/api/') && !path.includes('.')
    if (forPage && built && (request.headers.accept ?? '').includes('text/html')) return reply.sendFile('index.html')
    const code = forPage && !built && path === '/' ? 'page-missing' : 'route-unknown'
    return sendProblem(reply, new Refused(code, { detail: `${request.method} ${path.slice(0, 200)}` }))
  })
}
