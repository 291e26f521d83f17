// What a file is, by its type and its ending: decides its icon and how it is previewed.
import { endingOf } from './names.ts';

export const kinds = [
  'image',
  'video',
  'audio',
  'pdf',
  'markdown',
  'csv',
  'json',
  'code',
  'text',
  'archive',
  'document',
  'other',
] as const;
export type FileKind = (typeof kinds)[number];

const endings: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  image: 'png jpg jpeg gif webp avif bmp ico svg',
  video: 'mp4 m4v webm ogv mov',
  audio: 'mp3 m4a aac oga ogg wav flac opus',
  pdf: 'pdf',
  markdown: 'md markdown',
  csv: 'csv tsv',
  json: 'json ndjson jsonl geojson webmanifest',
  code:
    'js mjs cjs ts tsx jsx py rb go rs java kt c h cc cpp hpp cs php swift sh bash zsh ps1 bat sql html htm xml css scss ' +
    'less yaml yml toml ini cfg conf env properties dockerfile tf lua pl r scala vue svelte graphql proto diff patch',
  text: 'txt log text rst tex srt vtt',
  archive: 'zip gz tgz tar bz2 xz zst 7z rar jar iso dmg',
  document: 'doc docx xls xlsx ppt pptx odt ods odp rtf epub',
};

const byEnding = new Map(
  Object.entries(endings).flatMap(([kind, list]) => list.split(' ').map((ending) => [ending, kind as FileKind])),
);

const byType: readonly (readonly [RegExp, FileKind])[] = [
  [/^image\/(png|jpe?g|gif|webp|avif|bmp|x-icon|svg\+xml)$/, 'image'],
  [/^video\//, 'video'],
  [/^audio\//, 'audio'],
  [/^application\/pdf$/, 'pdf'],
  [/^text\/(x-)?markdown$/, 'markdown'],
  [/^text\/(csv|tab-separated-values)$/, 'csv'],
  [/[/+]json$/, 'json'],
  [/^(text\/(html|css|javascript|xml)|application\/(javascript|xml|x-sh|x-yaml))$/, 'code'],
  [/^text\//, 'text'],
  [/^application\/(zip|gzip|x-tar|x-7z-compressed)$/, 'archive'],
];

/** The ending says more than the type for text, where clients send what they like. */
export function kindOf(key: string, contentType: string | null): FileKind {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const ending = byEnding.get(endingOf(key));
  const typed = byType.find(([pattern]) => pattern.test(type))?.[1];
  if (typed === undefined || typed === 'text') return ending ?? typed ?? 'other';
  return typed;
}

/** Of these the browser is only ever given text to show. */
const textual = new Set<FileKind>(['markdown', 'csv', 'json', 'code', 'text']);
export const isTextual = (kind: FileKind): boolean => textual.has(kind);

const shown = new Set<FileKind>(['image', 'video', 'audio', 'pdf', ...textual]);
export const canPreview = (kind: FileKind): boolean => shown.has(kind);
