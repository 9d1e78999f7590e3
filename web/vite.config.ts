/** Builds the duty desk's page into `web/dist`; in development `/api` goes to a service on port 8080. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const service = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, reportCompressedSize: true },
  server: { host: '127.0.0.1', proxy: { '/api': service, '/healthz': service, '/openapi.json': service } },
})
