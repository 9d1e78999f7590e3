/** Mail against a real SMTP server, with STARTTLS, authentication, and the refusals a server may give. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Post, postOffice } from '../../../test/receivers.ts'
import type { Message } from '../../model/notification.ts'
import { mail } from './index.ts'
import type { MailSettings } from './settings.ts'

const dir = mkdtempSync(join(tmpdir(), 'davy-mail-'))
const file = (name: string) => join(dir, name)
const message: Message = {
  id: 'abc123',
  at: Date.UTC(2026, 4, 1),
  severity: 'critical',
  title: '[红] 特别严重：宝源煤矿',
  text: '甲烷 1.8 %\nhttps://desk.example/#/alarms',
  html: '<p>甲烷 1.8 %</p>',
  recipients: [{ name: 'chief', mail: 'chief@mine.example' }],
}
const signal = () => AbortSignal.timeout(20_000)
let post: Post | undefined

beforeAll(() => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject], { stdio: 'ignore' })
})
afterEach(async () => {
  await post?.close()
  post = undefined
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function office(
  options: SMTPServerOptions = {},
): Promise<(given?: Partial<MailSettings>) => ReturnType<typeof mail.create>> {
  const opened = await postOffice({
    key: readFileSync(file('key.pem')),
    cert: readFileSync(file('cert.pem')),
    onAuth: ({ username, password }, _session, done) =>
      password === 'right'
        ? done(null, { user: username! })
        : done(Object.assign(new Error('bad'), { responseCode: 535 })),
    ...options,
  })
  post = opened
  return (given = {}) =>
    mail.create(
      {
        host: 'localhost',
        port: opened.port,
        tls: 'starttls',
        ca: file('cert.pem'),
        insecure: false,
        user: 'davy',
        password: 'right',
        from: 'Davylamp <davy@mine.example>',
        ...given,
      },
      { name: 'mail', now: () => 0, log: () => {} },
    )
}

test('over STARTTLS and with a password: text, HTML, and the same Message-ID at every attempt', async () => {
  const channel = (await office())()
  expect(await channel.send(message, signal())).toMatchObject({
    outcome: 'sent',
    answer: expect.stringMatching(/^250/),
  })
  expect(await channel.send(message, signal())).toMatchObject({ outcome: 'sent' })
  const [first, second] = post!.mails
  expect(first).toMatchObject({ secure: true, user: 'davy', to: 'chief@mine.example', subject: message.title })
  expect(first!.text!.trim()).toBe(message.text)
  expect(first!.html).toContain('<p>甲烷 1.8 %</p>')
  expect(first!.date).toEqual(new Date(message.at))
  expect([first!.messageId, second!.messageId]).toEqual(['<abc123@davylamp>', '<abc123@davylamp>'])
})

test('a wrong password, a sender who is not let in, and no right to relay wait to be mended; an unknown recipient is for good', async () => {
  const open = await office({
    onRcptTo: ({ address }, _session, done) =>
      done(
        address.startsWith('chief')
          ? null
          : address.startsWith('far')
            ? Object.assign(new Error('5.7.1 relaying denied'), { responseCode: 554 })
            : Object.assign(new Error('no such user'), { responseCode: 550 }),
      ),
    onMailFrom: ({ address }, _session, done) =>
      done(address.startsWith('davy') ? null : Object.assign(new Error('sender rejected'), { responseCode: 553 })),
  })
  const held = (lacks: string) => ({ outcome: 'failed', lacks })
  expect(await open({ password: 'wrong' }).send(message, signal())).toMatchObject(held('credentials'))
  expect(await open({ from: 'other@mine.example' }).send(message, signal())).toMatchObject(held('address'))
  const far = { ...message, recipients: [{ name: 'far', mail: 'far@else.example' }] }
  expect(await open().send(far, signal())).toMatchObject(held('address'))
  const stranger = { ...message, recipients: [{ name: 'x', mail: 'x@mine.example' }] }
  expect(await open().send(stranger, signal())).toMatchObject({
    outcome: 'refused',
    answer: expect.stringContaining('no such user'),
  })
  expect(await open().send({ ...message, recipients: [] }, signal())).toMatchObject({ outcome: 'refused' })
})

test('a server that is full, offers no TLS, is not trusted, or is silent may be better later; nothing went in the clear', async () => {
  const full = await office({
    onMailFrom: (_address, _session, done) => done(Object.assign(new Error('full'), { responseCode: 452 })),
  })
  expect(await full().send(message, signal())).toMatchObject({
    outcome: 'failed',
    answer: expect.stringContaining('full'),
  })
  await post!.close()
  const plain = await office({ disabledCommands: ['STARTTLS'] })
  expect(await plain().send(message, signal())).toMatchObject({ outcome: 'failed' })
  expect(post!.mails).toEqual([])
  await post!.close()
  const strange = await office()
  const channel = mail.create(
    { host: 'localhost', port: post!.port, tls: 'starttls', insecure: false, from: 'a@b.example' },
    { name: 'mail', now: () => 0, log: () => {} },
  )
  expect(await channel.send(message, signal())).toMatchObject({
    outcome: 'failed',
    answer: expect.stringMatching(/self.signed/),
  })
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  expect(await strange({ host: '127.0.0.1', port }).send(message, AbortSignal.timeout(300))).toEqual({
    outcome: 'failed',
    answer: 'no answer in time',
  })
  silent.close()
})
