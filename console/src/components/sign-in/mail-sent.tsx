import { useTranslation } from 'react-i18next';
import { BackToSignIn } from './back.tsx';
import { SignInFrame } from './frame.tsx';

/** The same for everybody, whether or not a mail was sent. */
export function MailSent({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <SignInFrame title={t('forgot.sent-title')} back={<BackToSignIn />}>
      <p role="status">{text}</p>
    </SignInFrame>
  );
}
