/** What the schema of one channel cannot say: secrets do not travel in the clear, and patterns can be read. */
import { isLoopback } from '../../model/loopback.ts'
import type { ChannelSettings } from '../notify/settings.ts'
import type { Path, YamlFile } from './document.ts'
import type { Filled } from './environment.ts'
import type { Problems } from './problem.ts'

export function channelProblems(
  { settings }: ChannelSettings,
  { yaml, problems, under, isUnset }: { yaml: YamlFile; problems: Problems; under: Path; isUnset: Filled['isUnset'] },
): void {
  const { url, insecure, host, tls, user, password, success, refused } = settings as Readonly<Record<string, unknown>>
  const wrong = (key: string, message: string) => problems.error(yaml.place([...under, key]), message)
  if (typeof url === 'string') {
    if (!URL.canParse(url.replace(/[{}]/g, ''))) wrong('url', 'this is no address')
    else if (url.startsWith('http:') && !insecure && !isLoopback(new URL(url.replace(/[{}]/g, '')).hostname)) {
      wrong(
        'url',
        'it is sent in the clear beyond this machine: use https, or say `insecure: true` where that network is trusted',
      )
    }
  }
  if (tls === 'none' && !insecure && !isLoopback(String(host)) && !isUnset([...under, 'host'])) {
    wrong(
      'tls',
      'mails and passwords travel in the clear: use starttls, or say `insecure: true` where that network is trusted',
    )
  }
  if ((user === undefined) !== (password === undefined)) {
    wrong(user === undefined ? 'password' : 'user', '"user" and "password" go together')
  }
  for (const [key, pattern] of Object.entries({ success, refused })) {
    if (typeof pattern !== 'string') continue
    try {
      new RegExp(pattern)
    } catch (cause) {
      wrong(key, `this is no regular expression: ${(cause as Error).message}`)
    }
  }
}
