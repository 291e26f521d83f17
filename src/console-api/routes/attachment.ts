/** Saves under this name instead of showing. Names here are plain ASCII. */
export const attachment = (fileName: string): Record<string, string> => ({
  'content-disposition': `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, '_')}"`,
});
