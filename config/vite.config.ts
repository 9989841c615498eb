import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Whoever builds: React's development self is several times as slow, and keeps more of what it drew.
process.env.NODE_ENV = 'production';

const root = new URL('../src/web/', import.meta.url).pathname;
const built = new URL('../.cadencia/build/web/', import.meta.url).pathname;

/**
 * The browser's part. The server sends a content security policy without inline scripts, so nothing
 * here may inline one; what few people open (sip.js, admin, wallboard) is loaded when it is opened.
 */
export default defineConfig({
  root,
  base: '/',
  plugins: [react()],
  build: {
    outDir: built,
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and images stay files: `data:` is not in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler)[\\/]/ },
            { name: 'sip', test: /node_modules[\\/]sip\.js[\\/]/ },
            { name: 'socket', test: /node_modules[\\/](?:socket\.io|engine\.io)[^\\/]*[\\/]/ },
          ],
        },
      },
    },
  },
});
