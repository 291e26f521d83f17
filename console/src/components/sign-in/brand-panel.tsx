import { useTranslation } from 'react-i18next';
import { Logo } from '../logo.tsx';
import { BoxPattern } from './box-pattern.tsx';
import classes from './brand-panel.module.css';

/** The left half of the sign-in page on a desktop. Always dark, whatever the theme. */
export function BrandPanel() {
  const { t } = useTranslation();
  return (
    <aside className={classes['panel']} aria-label="vStorage">
      <BoxPattern />
      <div className={classes['logo']}>
        <Logo size={32} />
      </div>
      <div className={classes['words']}>
        <p className={classes['headline']}>{t('brand.headline')}</p>
        <p className={classes['text']}>{t('brand.text')}</p>
      </div>
    </aside>
  );
}
