import { defineConfig } from 'vitest/config'

/** Tests that need a Debian package or more than a few seconds: what `.ci/run` adds to `npm test`. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts', 'test/long/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
})
