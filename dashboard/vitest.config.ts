import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A zone with clock changes, the same on every machine.
  test: { env: { TZ: 'Europe/Berlin' }, include: ['src/**/*.test.ts'] },
});
