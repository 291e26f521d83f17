import { Button, Menu, Text } from '@mantine/core';
import { IconCheck, IconChevronDown, IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRegion } from '../../hooks/use-region.ts';
import { CopyButton } from '../copy-button.tsx';
import classes from './region-select.module.css';

export function RegionSelect() {
  const { t } = useTranslation();
  const { region, regions, choose } = useRegion();
  return (
    <div className={classes['region']}>
      <Menu position="bottom-start" width={300}>
        <Menu.Target>
          <Button
            variant="default"
            className={classes['button'] ?? ''}
            leftSection={<IconMapPin size={16} />}
            rightSection={<IconChevronDown size={14} />}
            aria-label={t('region.current', { name: region.name })}
          >
            {region.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('region.label')}</Menu.Label>
          {regions.map((one) => (
            <Menu.Item
              key={one.name}
              onClick={() => choose(one)}
              rightSection={one.name === region.name ? <IconCheck size={16} /> : null}
            >
              <Text fw={600} size="sm">
                {one.name}
              </Text>
              <Text size="xs" c="dimmed" className="mono">
                {one.endpoint}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className={classes['endpoint']}>
        <span className="mono">{region.endpoint}</span>
      </span>
      <CopyButton value={region.endpoint} label={t('region.copy-endpoint')} />
    </div>
  );
}
