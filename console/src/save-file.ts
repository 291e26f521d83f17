/** Hands a text to the browser's downloads. The object URL lives just long enough for the browser to read it. */
export function saveFile(name: string, text: string, contentType: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: contentType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Has the browser fetch a file of the server's and save it; the page stays. */
export function followLink(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}
