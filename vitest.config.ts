import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulators/**/*.test.ts',
      'test/**/*.test.ts',
      'docs/**/*.test.ts',
      'web/src/**/*.test.ts',
    ],
    exclude: ['test/e2e/**', 'test/services/**', 'test/long/**', 'node_modules/**'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 3,
  },
})
