import { useTranslation } from 'react-i18next';

/** Seconds as people say them: two units at most. */
export function useDuration() {
  const { t } = useTranslation();
  return (seconds: number): string => {
    const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.floor(seconds / unit));
    if (days !== undefined && days > 0) return t('duration.days', { days, hours: (hours ?? 0) % 24 });
    if (hours !== undefined && hours > 0) return t('duration.hours', { hours, minutes: (minutes ?? 0) % 60 });
    if (minutes !== undefined && minutes > 0) return t('duration.minutes', { minutes, seconds: seconds % 60 });
    return t('duration.seconds', { seconds });
  };
}
