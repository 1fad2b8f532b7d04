import { useEffect } from 'react';

/** What the tab is called, and what a screen reader says first. */
export const usePageTitle = (title: string): void => {
  useEffect(() => {
    document.title = title;
  }, [title]);
};
