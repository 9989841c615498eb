import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DispositionView } from '../../protocol/agent.ts';
import { wordsFor } from '../i18n/codes.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { Key } from '../ui/parts.tsx';
import styles from './agent.module.css';
import type { DispositionGroup } from './arrange-dispositions.ts';
import result from './result.module.css';

export function DispositionList(props: {
  readonly groups: readonly DispositionGroup[];
  readonly typed: string;
  readonly chosen: string | undefined;
  readonly mayPick: (disposition: DispositionView) => boolean;
  readonly onPick: (code: string) => void;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const { chosen } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the choice changes.
  useEffect(() => {
    list.current?.querySelector('[aria-checked="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const found = props.groups.some((group) => group.dispositions.length > 0);
  return (
    <div
      className={result.resultList}
      role="radiogroup"
      aria-label={t('agent.result.title')}
      ref={list}
    >
      {!found && (
        <p className={styles.dim} style={{ padding: 8 }}>
          {t('agent.result.nothing', { typed: props.typed })}
        </p>
      )}
      {props.groups.map(({ group, dispositions }) => (
        <div key={group}>
          {dispositions.length > 0 && <div className={result.groupName}>{groupName(group)}</div>}
          {dispositions.map((disposition) => (
            <Option
              key={disposition.code}
              disposition={disposition}
              chosen={disposition.code === chosen}
              enabled={props.mayPick(disposition)}
              onPick={props.onPick}
            />
          ))}
        </div>
      ))}
    </div>
  );

  function groupName(group: DispositionGroup['group']): string {
    if (group === 'found') return t('agent.result.found');
    if (group === 'recent') return t('agent.result.recent');
    return wordsFor('group', group);
  }
}

function Option(props: {
  readonly disposition: DispositionView;
  readonly chosen: boolean;
  readonly enabled: boolean;
  readonly onPick: (code: string) => void;
}) {
  const { t } = useTranslation();
  const { disposition } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native radio cannot carry the key and the reason.
    <button
      type="button"
      role="radio"
      aria-checked={props.chosen}
      className={result.option}
      disabled={!props.enabled}
      onClick={() => props.onPick(disposition.code)}
    >
      <span className={result.optionKey}>
        {disposition.key !== null && <Key>{disposition.key}</Key>}
      </span>
      <span className={result.optionLabel}>{disposition.label[currentLanguage()]}</span>
      {!props.enabled && <span className={styles.small}>{t('agent.result.needsRightParty')}</span>}
    </button>
  );
}
