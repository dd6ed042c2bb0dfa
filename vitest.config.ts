import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A bound on hanging, not on speed: RSA keys and Java start slowly on a small machine.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
