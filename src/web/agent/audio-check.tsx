import { Alert, Button, NativeSelect } from '@mantine/core';
import { IconMicrophone, IconVolume } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AudioDevice, audioDevices, chosenDevices } from '../softphone/microphone.ts';
import { Chip } from '../ui/parts.tsx';
import styles from './agent.module.css';
import { useAgentSession, useScreen } from './context.ts';

/**
 * The audio check before a shift: a shift begins only after the microphone was allowed and a voice
 * was heard on it. An agent signed in without audio would get no calls.
 */
export function AudioCheck(props: { readonly shiftIsOpen: boolean }) {
  const { t } = useTranslation();
  const session = useAgentSession();
  const { desk, microphone, phone } = useScreen();
  const [heard, setHeard] = useState(false);
  const [opening, setOpening] = useState(false);
  const ready = microphone === 'ready';
  const failed = microphone !== 'ready' && microphone !== 'unknown';
  const open = async () => {
    setOpening(true);
    await session.openShift();
    setOpening(false);
  };
  return (
    <main className={styles.stage}>
      <div className={styles.card}>
        <h1>{t('agent.check.title')}</h1>
        <p className={styles.dim}>
          {props.shiftIsOpen ? t('agent.check.shiftOpen') : t('agent.check.lead')}
        </p>
        {!ready && (
          <>
            {failed && (
              <Alert color="red" variant="outline">
                {t(`agent.check.problem.${microphone}`)}
              </Alert>
            )}
            <Button
              size="md"
              autoFocus
              leftSection={<IconMicrophone size={20} />}
              onClick={() => void session.audio.check()}
            >
              {failed ? t('agent.check.again') : t('agent.check.start')}
            </Button>
          </>
        )}
        {ready && (
          <>
            <LevelTest onHeard={() => setHeard(true)} heard={heard} />
            <DeviceChoice />
            <Button
              size="md"
              color="green"
              disabled={!heard}
              loading={opening || phone.kind === 'calling'}
              onClick={() => void open()}
            >
              {props.shiftIsOpen ? t('agent.check.reopen') : t('agent.check.open')}
            </Button>
          </>
        )}
        <div>
          <p className={styles.dim}>{t('agent.check.campaigns')}</p>
          {desk?.campaigns.length === 0 && <b>{t('agent.check.noCampaigns')}</b>}
          <b>{desk?.campaigns.map((campaign) => campaign.name).join(' · ')}</b>
        </div>
      </div>
    </main>
  );
}

const LOOK_EVERY_MS = 50;
/** Above quiet rooms and far below a voice at a headset. */
const HEARD_LEVEL = 0.012;
/** This much sound within the last two seconds counts as speech. */
const HEARD_FOR_MS = 250;
const WINDOW_MS = 2_000;
const SILENT_AFTER_MS = 6_000;

function LevelTest(props: { readonly heard: boolean; readonly onHeard: () => void }) {
  const { t } = useTranslation();
  const { sound } = useAgentSession();
  const fill = useRef<HTMLDivElement>(null);
  const [silent, setSilent] = useState(false);
  const onHeard = useRef(props.onHeard);
  onHeard.current = props.onHeard;
  useEffect(() => {
    const loudAt: number[] = [];
    const begun = Date.now();
    const timer = setInterval(() => {
      const level = sound.outboundLevel();
      if (fill.current) {
        fill.current.style.transform = `scaleX(${Math.min(1, Math.sqrt(level * 4)).toFixed(2)})`;
      }
      const now = Date.now();
      if (level > HEARD_LEVEL) loudAt.push(now);
      while (loudAt[0] !== undefined && loudAt[0] < now - WINDOW_MS) loudAt.shift();
      if (loudAt.length * LOOK_EVERY_MS >= HEARD_FOR_MS) onHeard.current();
      setSilent(now - begun > SILENT_AFTER_MS);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [sound]);
  return (
    <div>
      <div className={styles.bigMeter} role="img" aria-label={t('agent.bar.microphoneLevel')}>
        <div ref={fill} />
      </div>
      <p style={{ marginTop: 6 }} role="status">
        {props.heard ? (
          <Chip tone="good">{t('agent.check.heard')}</Chip>
        ) : silent ? (
          <Chip tone="warn">{t('agent.check.silent')}</Chip>
        ) : (
          t('agent.check.speak')
        )}
      </p>
    </div>
  );
}

/** Choice of microphone and headphones, also during a shift. */
export function DeviceChoice() {
  const { t } = useTranslation();
  const { audio, sound } = useAgentSession();
  const devices = useAudioDevices();
  const chosen = chosenDevices();
  const options = (list: readonly AudioDevice[]) => [
    { value: '', label: t('agent.check.defaultDevice') },
    ...list
      .filter((device) => device.id !== 'default')
      .map((device) => ({ value: device.id, label: device.label })),
  ];
  return (
    <div className={styles.devices}>
      <NativeSelect
        label={t('agent.check.microphone')}
        data={options(devices.microphones)}
        defaultValue={chosen.microphone ?? ''}
        onChange={(event) => void audio.chooseMicrophone(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('agent.check.speaker')}
        data={options(devices.speakers)}
        defaultValue={chosen.speaker ?? ''}
        onChange={(event) => audio.chooseSpeaker(event.currentTarget.value)}
      />
      <Button
        variant="default"
        leftSection={<IconVolume size={16} />}
        onClick={() => void sound.resume().then(() => sound.testTone())}
      >
        {t('agent.check.testSound')}
      </Button>
    </div>
  );
}

function useAudioDevices() {
  const [devices, setDevices] = useState<Awaited<ReturnType<typeof audioDevices>>>({
    microphones: [],
    speakers: [],
  });
  useEffect(() => {
    const look = () => void audioDevices().then(setDevices);
    look();
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, []);
  return devices;
}
