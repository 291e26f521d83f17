// English and Vietnamese. A language is one file, loaded when it is chosen.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './locales/en.json';

export const languages = ['en', 'vi'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en; codes: Record<string, string>; policies: Record<string, string> };
  }
}

const storageKey = 'vstorage-language';

function initialLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  return stored === 'en' || stored === 'vi' ? stored : navigator.language.startsWith('vi') ? 'vi' : 'en';
}

// The server's problems come in English. Vietnamese has a text for each code; English shows the server's own words,
// which name what was at fault. So with the descriptions of managed policies, by their names.
async function load(language: Language) {
  if (language === 'en') return { translation: (await import('./locales/en.json')).default, codes: {}, policies: {} };
  const [texts, codes, policies] = await Promise.all([
    import('./locales/vi.json'),
    import('./locales/problems-vi.json'),
    import('./locales/managed-policies-vi.json'),
  ]);
  return { translation: texts.default, codes: codes.default, policies: policies.default };
}

export async function startI18n(): Promise<void> {
  const language = initialLanguage();
  const resources = await load(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: resources },
    ns: ['translation', 'codes', 'policies'],
    partialBundledLanguages: true,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { translation, codes, policies } = await load(language);
    i18next.addResourceBundle(language, 'translation', translation);
    i18next.addResourceBundle(language, 'codes', codes);
    i18next.addResourceBundle(language, 'policies', policies);
  }
  await i18next.changeLanguage(language);
  localStorage.setItem(storageKey, language);
  document.documentElement.lang = language;
}

export const currentLanguage = (): Language => (i18next.resolvedLanguage === 'vi' ? 'vi' : 'en');
