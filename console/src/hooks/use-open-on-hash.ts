import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';

/** `/projects#create` opens the dialog: a link may lead to something to do. The hash goes, so that Back does not do it again. */
export function useOpenOnHash(hash: string, open: () => void): void {
  const { hash: current } = useLocation();
  const navigate = useNavigate();
  const wanted = current === hash;
  const start = useEffectEvent(() => {
    open();
    void navigate({ to: '.', search: true, hash: '', replace: true, resetScroll: false });
  });
  useEffect(() => {
    if (wanted) start();
  }, [wanted]);
}
