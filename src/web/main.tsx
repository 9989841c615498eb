import '@mantine/core/styles.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { present } from '../lib/assert.ts';
import { App } from './app.tsx';
import { startTexts } from './i18n/setup.ts';
import { Boundary } from './ui/boundary.tsx';
import { cssVariables, theme } from './ui/theme.ts';

startTexts();

createRoot(present(document.getElementById('root'), 'index.html has a root')).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <Boundary>
      <App />
    </Boundary>
  </MantineProvider>,
);
