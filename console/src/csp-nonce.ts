// The server writes a fresh nonce into index.html with every page: the only <style> elements that the CSP lets in.
export const cspNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** The scroll lock of dialogs (react-remove-scroll) looks for the nonce under this global name. */
export function shareNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: cspNonce() });
}
