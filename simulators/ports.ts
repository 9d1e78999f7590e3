/** Free ports, and ports that are taken. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whether something listens there already. */
export async function listens(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    return await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => {
        socket.setTimeout(2_000, () => resolve(false))
      }),
    ])
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
