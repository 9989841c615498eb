import {
  IconCircleDashed,
  IconCircleDot,
  IconClipboardX,
  IconCoffee,
  IconDoorExit,
  IconHeadphonesOff,
  IconHourglassHigh,
  IconLoader2,
  IconPhoneFilled,
  IconPhoneIncoming,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { Tone } from '../ui/palette.ts';
import { pauseTone } from '../ui/pause-tone.ts';
import type { Standing } from './screen.ts';

const ICONS = {
  'no-shift': IconCircleDashed,
  preparing: IconLoader2,
  'not-ready': IconPlayerPlay,
  deaf: IconHeadphonesOff,
  available: IconCircleDot,
  reserved: IconPhoneIncoming,
  talking: IconPhoneFilled,
  'wrapping-up': IconHourglassHigh,
  undisposed: IconClipboardX,
  paused: IconCoffee,
  ended: IconDoorExit,
} as const;

/** The icon of a state; each has its own shape. */
export function StandingIcon(props: { readonly kind: Standing['kind']; readonly size: number }) {
  const Icon = ICONS[props.kind];
  return <Icon size={props.size} aria-hidden />;
}

export function toneOf(
  standing: Standing,
  pauseLimitMs: number | null,
  offsetMs: number | undefined,
): Tone {
  switch (standing.kind) {
    case 'available':
      return 'good';
    case 'reserved':
      return 'info';
    case 'talking':
      return 'live';
    case 'wrapping-up':
      return 'warn';
    case 'not-ready':
      return 'info';
    case 'deaf':
    case 'undisposed':
      return 'bad';
    case 'paused':
      return pauseTone(standing.since, pauseLimitMs, offsetMs);
    default:
      return 'quiet';
  }
}
