/** Set while there may be uploads to go on with after a reload: pages look here before they load anything. */
const FLAG = 'vstorage-uploads-pending';

export const mayHavePending = (): boolean => localStorage.getItem(FLAG) !== null;
export const notePending = (): void => localStorage.setItem(FLAG, '1');
export const forgetPending = (): void => localStorage.removeItem(FLAG);
