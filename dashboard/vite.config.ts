import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a development server finds the real one: `npm run dev` beside `./run`. */
const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    // The page's security policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/activate', '/sign-in', '/oauth', '/terms', '/privacy-policy'].map((path) => [
        path,
        SERVER,
      ]),
    ),
  },
});
