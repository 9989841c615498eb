import { Button, Textarea, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconSearch } from '@tabler/icons-react';
import {
  type ChangeEvent,
  type KeyboardEvent,
  type RefObject,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { DispositionView } from '../../protocol/agent.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { Chip, Empty, Key, Panel } from '../ui/parts.tsx';
import type { AgentAction } from './actions.ts';
import styles from './agent.module.css';
import { arrangeDispositions, neighbor } from './arrange-dispositions.ts';
import { useScreen } from './context.ts';
import { DispositionFormFields } from './disposition-form.tsx';
import { DispositionList } from './disposition-list.tsx';
import { NOTE_LENGTH_MAX } from './draft.ts';
import { focusForm, RESULT_FORM } from './focus-form.ts';
import result from './result.module.css';
import {
  type AgentScreen,
  isRightParty,
  mayDispose,
  recordedDisposition,
  shownCall,
  standingOf,
} from './screen.ts';
import type { DraftBoard } from './use-draft.ts';

/** The result column never moves, because agents learn the places of the results. */
export function ResultColumn(props: {
  readonly board: DraftBoard;
  readonly save: AgentAction;
  readonly searchField: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const screen = useScreen();
  const recorded = recordedDisposition(screen);
  return (
    <div className={styles.column}>
      <Panel title={t('agent.result.title')} style={{ flex: 1 }} plain>
        {mayDispose(screen) ? (
          <>
            {isMissing(screen) && <Missing />}
            <Picker {...props} screen={screen} />
            <TypedResult {...props} />
          </>
        ) : recorded === null ? (
          <Empty>{t('agent.result.unavailable')}</Empty>
        ) : (
          <Recorded screen={screen} code={recorded} />
        )}
      </Panel>
    </div>
  );
}

/**
 * Whether the wrap-up is over and the disposition is missing, also after the call was passed to a
 * supervisor.
 */
function isMissing(screen: AgentScreen): boolean {
  const isDue = standingOf(screen).kind === 'undisposed';
  return isDue || shownCall(screen)?.call?.dispositionMissing === true;
}

function Missing() {
  const { t } = useTranslation();
  return (
    <div className={result.resultTop}>
      <Chip tone="bad" icon={<IconAlertTriangle size={15} />}>
        {t('agent.result.missing')}
      </Chip>
    </div>
  );
}

/** Shown once the disposition is committed on the server. */
function Recorded(props: { readonly screen: AgentScreen; readonly code: string }) {
  const { t } = useTranslation();
  const known = props.screen.desk?.dispositions.find((one) => one.code === props.code);
  return (
    <Empty icon={<IconCircleCheck size={36} stroke={1.4} />}>
      {t('agent.result.recorded')}
      <div className={result.recorded}>{known?.label[currentLanguage()] ?? props.code}</div>
    </Empty>
  );
}

function Picker(props: {
  readonly screen: AgentScreen;
  readonly board: DraftBoard;
  readonly searchField: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const { screen, board } = props;
  const [typed, setTyped] = useState('');
  const all = screen.desk?.dispositions ?? [];
  const language = currentLanguage();
  const groups = useMemo(
    () => arrangeDispositions(all, typed, board.recentCodes, language),
    [all, typed, board.recentCodes, language],
  );
  const rightParty = isRightParty(screen);
  const mayPick = (one: DispositionView) => rightParty || !one.needsRightParty;
  const move = (step: 1 | -1) => {
    let next = neighbor(groups, board.draft?.code, step);
    // Skips results that are not for this call; stops at the ends.
    while (next && !mayPick(next)) {
      const further = neighbor(groups, next.code, step);
      if (further === next) return;
      next = further;
    }
    if (next) board.pick(next.code);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && typed.trim() !== '') {
      event.preventDefault();
      const first = groups[0]?.dispositions.find(mayPick);
      if (first) {
        board.pick(first.code);
        focusForm();
      }
      setTyped('');
    }
    if (event.key === 'Escape') setTyped('');
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows work in the field and the list alike.
    <div style={{ display: 'contents' }} onKeyDown={onKeyDown}>
      <div className={result.resultTop}>
        <TextInput
          ref={props.searchField}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('agent.result.search')}
          aria-label={t('agent.result.search')}
          leftSection={<IconSearch size={15} />}
          rightSection={<Key>/</Key>}
        />
      </div>
      <DispositionList
        groups={groups}
        typed={typed}
        chosen={board.draft?.code}
        mayPick={mayPick}
        onPick={(code) => {
          board.pick(code);
          focusForm();
          setTyped('');
        }}
      />
    </div>
  );
}

function TypedResult(props: {
  readonly board: DraftBoard;
  readonly save: AgentAction;
  readonly searchField: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const { board, save } = props;
  const { full } = useScreen();
  const { draft } = board;
  if (!draft) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes back to the list from any field.
    <div
      className={result.resultForm}
      onKeyDown={(event) => event.key === 'Escape' && props.searchField.current?.focus()}
    >
      <div {...{ [RESULT_FORM]: true }}>
        <DispositionFormFields board={board} draft={draft} pop={full} />
      </div>
      <NoteField value={draft.note} onType={(note) => board.type({ note })} />
      <div className={result.saveRow}>
        <span className={styles.dim} role="status">
          {draft.code === undefined ? t('agent.result.pickFirst') : ''}
        </span>
        <Button
          onClick={save.run}
          disabled={draft.code === undefined || board.saving}
          loading={board.saving}
          rightSection={<Key>Ctrl+Enter</Key>}
        >
          {t('agent.result.save')}
        </Button>
      </div>
    </div>
  );
}

/**
 * The note field. It stays while the card closes, and keeps the first handler it was given. That
 * handler must therefore hold no data, or the closed card would stay in memory.
 */
function NoteField(props: { readonly value: string; readonly onType: (note: string) => void }) {
  const { t } = useTranslation();
  const newest = useRef(props.onType);
  newest.current = props.onType;
  const [onChange] = useState(() => changeHandler(newest));
  return (
    <Textarea
      label={t('agent.result.note')}
      placeholder={t('agent.result.notePlaceholder')}
      autosize
      minRows={2}
      maxRows={4}
      maxLength={NOTE_LENGTH_MAX}
      value={props.value}
      onChange={onChange}
    />
  );
}

/** Made outside the component, so that it holds only the reference. */
function changeHandler(newest: RefObject<(note: string) => void>) {
  return (event: ChangeEvent<HTMLTextAreaElement>) => newest.current(event.currentTarget.value);
}
