import { Button } from '@mantine/core';
import { IconUserShield, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './agent.module.css';

/** What the agent asked for and waits for the end of the call; a click takes it back. */
export function AnnouncedByAgent(props: {
  readonly words: string;
  readonly icon: React.ReactNode;
  /** How it is taken back, with its key. */
  readonly hint: string;
  takeBack(): void;
}) {
  return (
    <Button
      className={styles.announced}
      variant="default"
      leftSection={props.icon}
      rightSection={<IconX size={14} />}
      title={props.hint}
      onClick={props.takeBack}
    >
      <span className={styles.cut}>{props.words}</span>
    </Button>
  );
}

/** The same, asked for by a supervisor: the agent sees it and cannot take it back. */
export function AnnouncedBySupervisor(props: {
  readonly words: string;
  /** Whether the words say already who asked. */
  readonly saysWho?: boolean;
}) {
  const { t } = useTranslation();
  const by = props.saysWho ? '' : ` · ${t('agent.bar.bySupervisor')}`;
  return (
    <Button
      className={styles.announced}
      variant="default"
      leftSection={<IconUserShield size={16} />}
      title={t('agent.bar.bySupervisorHint')}
      aria-label={`${props.words}${by}`}
      data-disabled
    >
      <span className={styles.cut}>
        {props.words}
        <span className={styles.wideOnly}>{by}</span>
      </span>
    </Button>
  );
}
