// Where the focus was before a dialog took it, so that it can be given back: dialogs here come into being open and go
// when they are closed, often out of a menu that is gone by then.

let last: HTMLElement | null = null;

/** An item of a menu leads back to the button that opened it. */
function lasting(element: HTMLElement): HTMLElement {
  const trigger = element.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return (trigger == null ? null : document.getElementById(trigger)) ?? element;
}

export function rememberFocus(): void {
  addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) last = lasting(target);
  });
}

/** The answer gives the focus back, unless somebody has it; to the page when what had it is gone. */
export function keepFocus(): () => void {
  const origin = last;
  return () => {
    // after what is closed has left the page
    setTimeout(() => {
      const holder = document.activeElement;
      if (holder !== null && holder !== document.body) return;
      const heir = origin?.isConnected === true ? origin : document.getElementById('main');
      heir?.focus({ preventScroll: true });
    });
  };
}
