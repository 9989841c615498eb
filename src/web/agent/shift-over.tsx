import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWords } from '../i18n/codes.ts';
import styles from './agent.module.css';
import { useAgentSession } from './context.ts';

/** Says who or what ended the shift, and offers a new one. */
export function ShiftOver(props: { readonly because: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const session = useAgentSession();
  const again = async () => {
    await session.audio.check();
    if (session.screen.get().microphone === 'ready') await session.openShift();
  };
  return (
    <main className={styles.stage}>
      <div className={styles.card}>
        <h1>{t('agent.idle.ended')}</h1>
        <p className={styles.dim}>{words('shiftEnd', props.because)}</p>
        <Button size="md" onClick={() => void again()}>
          {t('agent.idle.again')}
        </Button>
      </div>
    </main>
  );
}
