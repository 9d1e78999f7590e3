import { defineConfig } from 'vitest/config'

/** The page in a real Chromium against the running product; needs `npm run build` first. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 10_000 } },
    fileParallelism: false,
    sequence: { concurrent: false },
  },
})
