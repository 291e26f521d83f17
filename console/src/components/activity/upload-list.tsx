import { ActionIcon, Button, Group, Progress, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconLoader2, IconRotateClockwise, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useDuration } from '../../hooks/use-duration.ts';
import { chooseFiles } from '../../uploads/choose-files.ts';
import type { UploadItem, UploadStatus } from '../../uploads/item.ts';
import { type QueueState, uploads } from '../../uploads/queue.ts';
import { Notice } from '../notice.tsx';
import classes from './activity.module.css';

const ROW = 44;

export function UploadList({ queue }: { queue: QueueState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const { counts, items, totalBytes, sentBytes, bytesPerSecond, secondsLeft, paused } = queue;
  const active = counts.waiting + counts.sending > 0;
  const finished = counts.done + counts.failed;
  const facts = [
    t('usage.of', { used: format.bytes(sentBytes), quota: format.bytes(totalBytes) }),
    ...(bytesPerSecond === null ? [] : [t('upload.rate', { rate: format.bytes(bytesPerSecond) })]),
    ...(secondsLeft === null || !active ? [] : [t('upload.left', { time: duration(secondsLeft) })]),
  ];
  return (
    <div className={classes['part']}>
      <div className={classes['line']}>
        <Text size="sm" fw={550} role="status">
          {active || counts.interrupted > 0
            ? t('upload.progress', { done: format.count(counts.done), total: format.count(items.length) })
            : t('upload.finished', { count: finished, number: format.count(counts.done) })}
        </Text>
        <Buttons queue={queue} active={active} />
      </div>
      <Progress
        value={totalBytes === 0 ? (active ? 0 : 100) : (sentBytes / totalBytes) * 100}
        size="md"
        aria-label={t('upload.all')}
        classNames={{ root: classes['bar'] ?? '' }}
      />
      <Text size="xs" c="dimmed" className="num">
        {facts.join(' · ')}
      </Text>
      {paused !== null && paused !== 'by-hand' && <Stopped code={paused} />}
      {counts.interrupted > 0 && <Interrupted queue={queue} />}
      <Files items={items} version={queue.version} />
    </div>
  );
}

function Buttons({ queue, active }: { queue: QueueState; active: boolean }) {
  const { t } = useTranslation();
  const { counts, paused } = queue;
  return (
    <Group gap={6} wrap="nowrap">
      {counts.failed > 0 && (
        <Button size="compact-xs" variant="default" onClick={() => uploads.retryFailed()}>
          {t('upload.retry-failed')}
        </Button>
      )}
      {active && paused === null && (
        <Button size="compact-xs" variant="default" onClick={() => uploads.pause()}>
          {t('upload.pause')}
        </Button>
      )}
      {paused !== null && (
        <Button size="compact-xs" onClick={() => uploads.resume()}>
          {t('upload.resume')}
        </Button>
      )}
      {(active || counts.interrupted > 0) && (
        <Button size="compact-xs" variant="default" onClick={() => uploads.discard()}>
          {t('upload.discard')}
        </Button>
      )}
      {!active && counts.done > 0 && (
        <Button size="compact-xs" variant="default" onClick={() => uploads.clearDone()}>
          {t('upload.clear')}
        </Button>
      )}
    </Group>
  );
}

function Stopped({ code }: { code: string }) {
  const { t, i18n } = useTranslation();
  const own = i18n.exists(code, { ns: 'codes' }) ? t(code, { ns: 'codes' }) : null;
  return (
    <Notice tone="danger" title={t('upload.stopped')} role="alert">
      {own ?? t('upload.stopped-text', { code })}
    </Notice>
  );
}

/** What the page lost when it was left: opened again where the browser may, otherwise chosen again. */
function Interrupted({ queue }: { queue: QueueState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { interrupted } = queue.counts;
  const canReopen = queue.items.some(({ status, handle }) => status === 'interrupted' && handle !== null);
  const choose = async (folder: boolean) => {
    uploads.giveFiles(await chooseFiles(folder));
  };
  return (
    <Notice tone="warning" title={t('upload.interrupted', { count: interrupted, number: format.count(interrupted) })}>
      {t(canReopen ? 'upload.reopen-text' : 'upload.choose-text')}
      <Group gap={6} mt={8}>
        {canReopen && (
          <Button size="compact-sm" onClick={() => void uploads.reopen()}>
            {t('upload.go-on')}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={() => void choose(false)}>
          {t('upload.choose-files')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void choose(true)}>
          {t('upload.choose-folder')}
        </Button>
      </Group>
    </Notice>
  );
}

function Files({ items, version }: { items: readonly UploadItem[]; version: number }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  // nothing here is memoized by the compiler
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  return (
    <div
      ref={scroller}
      className={classes['files']}
      style={{ height: Math.min(items.length * ROW, 220) }}
      tabIndex={0}
      role="region"
      aria-label={t('upload.files')}
      data-version={version}
    >
      <div role="list" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return item === undefined ? null : <FileRow key={item.id} item={item} top={start} />;
        })}
      </div>
    </div>
  );
}

const icons: Readonly<Record<UploadStatus, typeof IconCheck>> = {
  waiting: IconClock,
  sending: IconLoader2,
  done: IconCheck,
  failed: IconAlertTriangle,
  interrupted: IconClock,
};

function FileRow({ item, top }: { item: UploadItem; top: number }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { status, path, sizeBytes, sentBytes, checksum, problem } = item;
  const Icon = icons[status];
  const why = problem !== null && i18n.exists(problem, { ns: 'codes' }) ? t(problem, { ns: 'codes' }) : problem;
  const fact = {
    waiting: t('upload.status.waiting'),
    sending: format.percent(sentBytes, sizeBytes),
    done: checksum === null ? t('upload.status.done') : t('upload.checked', { checksum }),
    failed: why === null || why === 'file-unreadable' ? t('upload.file-unreadable') : why,
    interrupted: t('upload.status.interrupted'),
  }[status];
  return (
    <div className={classes['file']} style={{ transform: `translateY(${top}px)` }} role="listitem">
      <Icon size={16} className={classes['state']} data-status={status} aria-hidden="true" />
      <div className={classes['grow']}>
        <Text size="sm" truncate title={path}>
          {path}
        </Text>
        <Text size="xs" c={status === 'failed' ? 'var(--vs-red)' : 'dimmed'} truncate className="num">
          {format.bytes(sizeBytes)} · {fact}
        </Text>
      </div>
      {status === 'failed' && item.file !== null && (
        <Tooltip label={t('action.retry')}>
          <ActionIcon size="sm" aria-label={t('upload.retry', { name: path })} onClick={() => uploads.retry(item)}>
            <IconRotateClockwise size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={t('upload.remove')}>
        <ActionIcon
          size="sm"
          aria-label={t('upload.remove-named', { name: path })}
          onClick={() => uploads.remove(item)}
        >
          <IconX size={14} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
