import { TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../protocol/supervisor.ts';
import { formatTimeOfDay } from '../ui/format.ts';
import { Chip, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import { folded } from '../ui/typed.ts';
import { logSentence } from './log-sentence.ts';
import styles from './supervisor.module.css';

/** Lines drawn at once; the filter searches all lines in the page. */
const DRAWN_MAX = 150;

/** The live log in sentences, newest first. */
export function LiveLog(props: { readonly lines: readonly LogLine[]; readonly omitted: number }) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sentences are in the page's language.
  const sentences = useMemo(
    () =>
      [...props.lines].reverse().map((line) => {
        const sentence = logSentence(line);
        const search = folded(`${sentence} ${line.agentName ?? ''} ${line.campaignName ?? ''}`);
        return { line, sentence, search };
      }),
    [props.lines, i18n.language],
  );
  const wanted = folded(typed).trim();
  const shown = sentences
    .filter((one) => wanted === '' || one.search.includes(wanted))
    .slice(0, DRAWN_MAX);
  return (
    <Panel
      title={t('supervisor.log.title')}
      plain
      aside={
        props.omitted > 0 && (
          <Chip tone="quiet">{t('supervisor.log.omitted', { count: props.omitted })}</Chip>
        )
      }
    >
      <div className={styles.filterRow}>
        <TextInput
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('supervisor.log.filter')}
          aria-label={t('supervisor.log.filter')}
          leftSection={<IconFilter size={14} />}
        />
      </div>
      <Scroll label={t('supervisor.log.title')} className={styles.scroll}>
        {shown.length === 0 && (
          <p className={styles.dim} style={{ padding: 12 }}>
            {wanted === ''
              ? t('supervisor.log.none')
              : t('supervisor.log.noneFound', { typed: typed.trim() })}
          </p>
        )}
        <ol className={styles.log}>
          {shown.map(({ line, sentence }) => (
            <li key={line.sequence}>
              <time>{formatTimeOfDay(line.at)}</time>
              <span>
                {sentence}
                {line.campaignName !== null && <small>{line.campaignName}</small>}
              </span>
            </li>
          ))}
        </ol>
      </Scroll>
    </Panel>
  );
}
