// What was done last and can still be taken back: by the notice that says so, and by Ctrl Z from anywhere.
type Offer = { readonly takeBack: () => void };

let offered: Offer | null = null;

/** The answer withdraws it, when it was taken or its time is over. */
export function offerUndo(takeBack: () => void): () => void {
  const offer: Offer = { takeBack };
  offered = offer;
  return () => {
    if (offered === offer) offered = null;
  };
}

/** Whether there was something to take back. */
export function undoLast(): boolean {
  const last = offered;
  offered = null;
  last?.takeBack();
  return last !== null;
}
