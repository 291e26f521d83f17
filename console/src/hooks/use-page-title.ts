import { useEffect } from 'react';

/** What the browser tab, the history and screen readers call the page. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · vStorage`;
  }, [title]);
}
