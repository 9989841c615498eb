import { Alert, Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.tsx';
import styles from './admin.module.css';

/** Shows a password or token once; the page keeps it nowhere else. */
export function SecretDialog(props: {
  readonly title: string;
  readonly hint: string;
  readonly secret: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // The clipboard exists only on secure pages; otherwise the text can be selected by hand.
    await navigator.clipboard?.writeText(props.secret).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Dialog opened onClose={props.onClose} title={props.title} centered closeOnClickOutside={false}>
      <div className={styles.form}>
        <p className={styles.dim}>{props.hint}</p>
        <div className={styles.secret} data-testid="secret">
          {props.secret}
        </div>
        <div className={styles.tools}>
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={() => void copy()}
          >
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
          <Button onClick={props.onClose}>{t('common.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}

export function Trouble(props: { readonly text: string | undefined }) {
  if (props.text === undefined) return null;
  return (
    <Alert color="red" variant="outline" role="alert">
      {props.text}
    </Alert>
  );
}
