import { Button } from '@mantine/core';
import { IconUserShield, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './agent.module.css';

/** An agent's request that waits for the end of the call; a click takes it back. */
export function AnnouncedByAgent(props: {
  readonly words: string;
  readonly icon: React.ReactNode;
  /** How to take it back, with its key. */
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

/** A supervisor's request: the agent sees it and cannot take it back. */
export function AnnouncedBySupervisor(props: {
  readonly words: string;
  /** Whether the words already say who asked. */
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
