import '@fontsource-variable/inter/wght.css';
import './app/mantine.css';
import './app/tokens.css';
import './app/global.css';
import { ApiError } from '@boucle/sdk';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useLanguage } from './app/language.ts';
import { createAppRouter } from './app/router.tsx';
import { theme, variables } from './app/theme.ts';
import { I18nProvider } from './i18n/i18n.tsx';

// A refusal stays a refusal however often one asks; only silence is worth another try.
const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: (failures, error) => failures < 1 && !(error instanceof ApiError) } },
});
const router = createAppRouter(queries);

const App = () => {
  const [language, setLanguage] = useLanguage();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <I18nProvider language={language} setLanguage={setLanguage}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </MantineProvider>
  );
};

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no element with the id root');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
