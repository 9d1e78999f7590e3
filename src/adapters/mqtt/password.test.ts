import { expect, test } from 'vitest'
import { hashPassword, Passwords } from './password.ts'

test('a password is right by its hash or in clear, and nothing else is', async () => {
  const hash = await hashPassword('s3cret')
  expect(hash).toMatch(/^scrypt\$16384\$8\$1\$/)
  const passwords = new Passwords([
    { user: 'hashed', hash, site: 'a' },
    { user: 'clear', password: 'open', site: 'b' },
    { user: 'neither', site: 'c' },
  ])
  const verify = (name: string, password: string) => passwords.verify(name, Buffer.from(password))
  expect(await verify('hashed', 's3cret')).toMatchObject({ site: 'a' })
  expect(await verify('hashed', 's3cret')).toMatchObject({ site: 'a' })
  expect(await verify('hashed', 's3cret ')).toBeUndefined()
  expect(await verify('clear', 'open')).toMatchObject({ site: 'b' })
  expect(await verify('clear', 's3cret')).toBeUndefined()
  expect(await verify('nobody', 'open')).toBeUndefined()
  expect(await verify('neither', '')).toBeUndefined()
})
