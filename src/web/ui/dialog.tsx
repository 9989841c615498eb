import { Button, Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog with a labelled × that uses the full height of a small screen. */
export function Dialog(props: ModalProps) {
  const { t } = useTranslation();
  return (
    <Modal
      yOffset="2dvh"
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 700 } }}
      {...props}
    />
  );
}

/** Asks before an action. Irreversible ones are red; the focus starts on cancel. */
export function Question(props: {
  readonly title: string;
  readonly words?: string;
  readonly yes: string;
  readonly no: string;
  readonly icon?: ReactNode;
  readonly isDangerous?: boolean;
  readonly busy?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const { isDangerous = false } = props;
  return (
    <Dialog opened centered size={440} onClose={props.onNo} title={<b>{props.title}</b>}>
      {props.words !== undefined && <p>{props.words}</p>}
      <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end', marginTop: 16 }}>
        <Button variant="default" data-autofocus={isDangerous || undefined} onClick={props.onNo}>
          {props.no}
        </Button>
        <Button
          data-autofocus={!isDangerous || undefined}
          {...(isDangerous ? { color: 'red' } : {})}
          loading={props.busy ?? false}
          leftSection={props.icon}
          onClick={props.onYes}
        >
          {props.yes}
        </Button>
      </div>
    </Dialog>
  );
}
