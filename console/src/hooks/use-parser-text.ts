import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sayParsed, type Sentences } from '../parser-text.ts';

type Texts = { readonly sentences: Sentences; readonly actions: Readonly<Record<string, string>> };

async function load(): Promise<Texts> {
  const [sentences, actions] = await Promise.all([
    import('../locales/parser-vi.json'),
    import('../locales/actions-vi.json'),
  ]);
  return { sentences: sentences.default, actions: actions.default };
}

/** What the server says of policies in English, faults and what actions are, in the reader's language. */
export function useParserText() {
  const { i18n } = useTranslation();
  const vietnamese = i18n.resolvedLanguage === 'vi';
  const { data } = useQuery({
    queryKey: ['parser-texts'],
    queryFn: load,
    enabled: vietnamese,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const texts = vietnamese ? data : undefined;
  return {
    fault: (message: string): string => (texts === undefined ? message : sayParsed(message, texts.sentences)),
    action: ({ name, about }: { readonly name: string; readonly about: string }): string =>
      texts?.actions[name] ?? about,
  };
}
