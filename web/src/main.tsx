/** The page's entrance. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startDesk } from './store/session.ts'
import './styles/base.css'
import './styles/shell.css'
import './styles/alarms.css'
import './styles/views.css'
import './styles/evidence.css'
import './styles/rules.css'
import './styles/desk.css'
import './styles/stacked.css'
import './styles/narrow.css'

startDesk()
createRoot(document.getElementById('desk') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
