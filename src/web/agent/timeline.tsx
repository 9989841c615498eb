import {
  IconBrandWhatsapp,
  IconBuildingBank,
  IconDots,
  IconMail,
  IconMailFilled,
  IconMessage,
  IconPhone,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FullPop } from '../../protocol/agent.ts';
import { resultWords, useWords } from '../i18n/codes.ts';
import { formatMoment } from '../ui/format.ts';
import { Panel } from '../ui/parts.tsx';
import styles from './agent.module.css';
import timelineStyles from './timeline.module.css';

type Contact = FullPop['timeline'][number];
type Channel = Contact['channel'];

const ICONS: Readonly<Record<Channel, typeof IconPhone>> = {
  voice: IconPhone,
  sms: IconMessage,
  email: IconMail,
  whatsapp: IconBrandWhatsapp,
  letter: IconMailFilled,
  bureau: IconBuildingBank,
  other: IconDots,
};

/** All contacts on all channels, newest first, from our dialer and from the creditor's system. */
export function Timeline(props: { readonly pop: FullPop }) {
  const { t } = useTranslation();
  const words = useWords();
  const [only, setOnly] = useState<Channel>();
  const { timeline } = props.pop;
  const channels = [...new Set(timeline.map((contact) => contact.channel))];
  const shown = timeline.filter((contact) => only === undefined || contact.channel === only);
  return (
    <Panel
      title={`${t('agent.timeline.title')} (${timeline.length})`}
      style={{ flex: '1 1 40%' }}
      aside={
        channels.length > 1 && (
          <fieldset className={timelineStyles.filter} style={{ border: 0, margin: 0, padding: 0 }}>
            <legend hidden>{t('agent.timeline.filter')}</legend>
            <button
              type="button"
              aria-pressed={only === undefined}
              onClick={() => setOnly(undefined)}
            >
              {t('agent.timeline.all')}
            </button>
            {channels.map((channel) => (
              <ChannelButton
                key={channel}
                channel={channel}
                pressed={only === channel}
                label={words('channel', channel)}
                onPress={() => setOnly(only === channel ? undefined : channel)}
              />
            ))}
          </fieldset>
        )
      }
    >
      {shown.length === 0 && <p className={styles.dim}>{t('agent.timeline.none')}</p>}
      <ol className={timelineStyles.timeline}>
        {shown.map((contact, place) => (
          // Contacts have no id; the list is always replaced as a whole.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <ContactLine key={place} contact={contact} />
        ))}
      </ol>
    </Panel>
  );
}

function ChannelButton(props: {
  readonly channel: Channel;
  readonly label: string;
  readonly pressed: boolean;
  readonly onPress: () => void;
}) {
  const Icon = ICONS[props.channel];
  return (
    <button
      type="button"
      aria-pressed={props.pressed}
      title={props.label}
      aria-label={props.label}
      onClick={props.onPress}
    >
      <Icon size={13} aria-hidden />
    </button>
  );
}

function ContactLine(props: { readonly contact: Contact }) {
  const { t } = useTranslation();
  const words = useWords();
  const { contact } = props;
  const Icon = ICONS[contact.channel];
  const more = [
    words('channel', contact.channel),
    contact.direction === 'inbound' ? t('agent.timeline.inbound') : '',
    contact.address ?? '',
    contact.creditor,
    contact.agentName ?? '',
  ].filter((part) => part !== '');
  return (
    <li>
      <Icon size={16} aria-label={words('channel', contact.channel)} />
      <div className={timelineStyles.timelineHead}>
        <b>{resultWords(contact.result)}</b>
        <span className={styles.dim} style={{ whiteSpace: 'nowrap' }}>
          {formatMoment(contact.at)}
        </span>
      </div>
      <div className={timelineStyles.timelineMore}>{more.join(' · ')}</div>
      {contact.note !== null && <div className={timelineStyles.timelineMore}>“{contact.note}”</div>}
      {contact.noteErased && (
        <div className={timelineStyles.timelineMore}>{t('agent.timeline.noteErased')}</div>
      )}
    </li>
  );
}
