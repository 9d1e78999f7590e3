import { defineConfig } from 'vitest/config'

/** Tests that need a Debian package or more than a few seconds, and properties tried on many more histories: what `.ci/run` adds to `npm test`. */
export default defineConfig({
  test: {
    include: [
      'test/services/**/*.test.ts',
      'test/long/**/*.test.ts',
      'test/properties/**/*.test.ts',
      'src/adapters/opcua/{source,breaks,gap,trust}.test.ts',
      'src/app/notify/notifications.test.ts',
    ],
    env: { DAVY_THOROUGH: '1' },
    setupFiles: ['test/seed.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
})
