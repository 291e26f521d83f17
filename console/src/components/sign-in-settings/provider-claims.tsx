import { TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProviderDraft } from './provider-draft.ts';

const claims = [
  ['usernameClaim', 'username'],
  ['emailClaim', 'email'],
  ['groupsClaim', 'groups'],
] as const;

type Props = { draft: ProviderDraft; set: (part: Partial<ProviderDraft>) => void };

/** What is asked for, and where in the answer the name, the address and the groups stand. */
export function ClaimFields({ draft, set }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TagsInput
        label={t('providers.scopes')}
        splitChars={[' ', ',']}
        value={draft.scopes}
        onChange={(scopes) => set({ scopes })}
      />
      {claims.map(([field, name]) => (
        <TextInput
          key={field}
          label={t(`providers.claim.${name}`)}
          value={draft[field]}
          onChange={(event) => set({ [field]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}
