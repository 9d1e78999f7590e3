/** Theme, language and session around the pages; each page is loaded when it is first shown. */
import { ConfigProvider } from 'antd'
import english from 'antd/es/locale/en_US.js'
import chinese from 'antd/es/locale/zh_CN.js'
import type { ComponentProps } from 'react'
import { lazy, Suspense, useEffect } from 'react'
import { useLanguage } from './i18n/language.ts'
import { pageOf } from './pages.ts'
import { Boundary } from './parts/boundary.tsx'
import { Shell } from './parts/shell.tsx'
import { Failure, Loading } from './parts/states.tsx'
import { useDesk } from './store/desk.ts'
import { usePrefs } from './store/prefs.ts'
import { useRoute } from './store/route.ts'
import { resume } from './store/session.ts'
import { THEMES } from './theme.ts'

const Login = lazy(() => import('./pages/login.tsx'))
const AlarmDrawer = lazy(() => import('./parts/alarm-drawer.tsx'))

type AntdLocale = NonNullable<ComponentProps<typeof ConfigProvider>['locale']>
// The compiler takes these files for CommonJS, whose default is a namespace; the bundler reads the ES modules they are.
const LOCALES = { zh: chinese as unknown as AntdLocale, en: english as unknown as AntdLocale }

export function App() {
  const { theme } = usePrefs()
  const { lang, w } = useLanguage()
  useEffect(() => {
    document.documentElement.dataset.theme = theme
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  }, [theme, lang])
  return (
    <ConfigProvider theme={THEMES[theme]} locale={LOCALES[lang]} button={{ autoInsertSpace: false }}>
      <Boundary title={w.common.broken} again={w.common.retry}>
        <Suspense fallback={<Loading />}>
          <Door />
        </Suspense>
      </Boundary>
    </ConfigProvider>
  )
}

function Door() {
  const session = useDesk((d) => d.session)
  if (session.state === 'out') return <Login expired={session.expired} />
  if (session.state === 'unknown')
    return session.problem ? <Failure problem={session.problem} retry={() => void resume()} /> : <Loading />
  return <Desk />
}

function Desk() {
  const route = useRoute()
  const { w } = useLanguage()
  const { View } = pageOf(route)
  return (
    <Shell route={route}>
      <Boundary key={`${route.page}/${route.name}`} title={w.common.broken} again={w.common.retry}>
        <Suspense fallback={<Loading />}>
          <View key={route.name} route={route} />
        </Suspense>
      </Boundary>
      {route.alarm !== undefined && (
        <Suspense fallback={null}>
          <AlarmDrawer key={route.alarm} alarm={route.alarm} />
        </Suspense>
      )}
    </Shell>
  )
}
