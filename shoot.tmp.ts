import { chromium } from 'playwright-core'

const base = process.env.BASE ?? 'http://127.0.0.1:18931'
const which = (process.argv[2] ?? '').split(',').filter(Boolean)
const variants = (process.argv[3] ?? 'desk-zh-dark').split(',')
const pages: Record<string, string> = {
  overview: '',
  alarms: 'alarms',
  history: 'alarms?tab=history',
  hazards: 'hazards',
  desks: 'desks',
  shift: 'shift-log',
  figures: 'figures',
  figdesk: 'figures?desk=baoyuan-control',
  reports: 'reports',
  rules: 'rules',
  sources: 'sources',
  notifications: 'notifications',
  site: 'sites/baoyuan',
  chem: 'sites/longteng-chem',
}
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
for (const v of variants) {
  const [size, lang, theme] = v.split('-')
  const ctx = await b.newContext({
    viewport: size === 'phone' ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
  })
  const p = await ctx.newPage()
  await p.addInitScript(
    ([l, t]) => {
      localStorage.setItem('davy.lang', l!)
      localStorage.setItem('davy.theme', t!)
    },
    [lang, theme],
  )
  p.on('pageerror', (e) => console.log('ERR', e.message))
  await p.goto(base)
  await p.locator('input[type=password]').fill('lamp-in-the-dark-7')
  await p.locator('button[type=submit]').click()
  await p.locator('#content').waitFor()
  for (const name of which.length ? which : Object.keys(pages)) {
    await p.goto(`${base}/#/${pages[name] ?? name}`)
    await p.waitForTimeout(1500)
    const o = await p.evaluate(() => ({
      w: document.documentElement.scrollWidth,
      c: document.documentElement.clientWidth,
      h: document.querySelector('#content')?.scrollHeight,
    }))
    if (o.w > o.c) console.log('OVERFLOW', v, name, o)
    await p.screenshot({
      path: `/tmp/pgs/shots/${v}-${name.replace(/\W/g, '_')}.png`,
      fullPage: process.env.FULL === '1',
    })
  }
  await ctx.close()
}
await b.close()
