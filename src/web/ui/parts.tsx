import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleCheckFilled,
  IconX,
} from '@tabler/icons-react';
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { useServerNow } from '../live/now.ts';
import { formatLeft, formatLength } from './format.ts';
import type { Tone } from './palette.ts';
import styles from './parts.module.css';
import { Scroll } from './scroll.tsx';

export function cx(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

/** A state in a word, a shape and a color: never the color alone. */
export function Chip(props: {
  readonly tone: Tone;
  readonly icon?: ReactNode;
  readonly big?: boolean;
  /** Content that stays whole when the words are cut off. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className={cx(styles.chip, styles[props.tone], props.big && styles.big)}>
      {props.icon}
      <span className={styles.chipText}>{props.children}</span>
      {props.aside !== undefined && <span className={styles.chipAside}>{props.aside}</span>}
    </span>
  );
}

/** A frame with a heading that stays while its body scrolls. */
export function Panel(props: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Whether the body does its own layout and scrolling. */
  readonly plain?: boolean;
  readonly style?: CSSProperties;
  readonly label?: string;
}) {
  return (
    <section className={styles.panel} style={props.style} aria-label={props.label}>
      <header className={styles.panelHead}>
        <h2 title={typeof props.title === 'string' ? props.title : undefined}>{props.title}</h2>
        {props.aside}
      </header>
      {props.plain ? (
        <div className={styles.plainBody}>{props.children}</div>
      ) : (
        <Scroll
          label={props.label ?? (typeof props.title === 'string' ? props.title : undefined)}
          className={styles.panelBody}
        >
          {props.children}
        </Scroll>
      )}
    </section>
  );
}

/** How long ago `since` was, on the server's clock; `--:--` while that clock is unknown. */
export function Elapsed(props: {
  readonly since: number | null | undefined;
  readonly offsetMs: number | undefined;
}) {
  const now = useServerNow(props.offsetMs);
  const known = now !== undefined && props.since !== null && props.since !== undefined;
  return <span>{formatLength(known ? now - (props.since ?? 0) : undefined)}</span>;
}

/** The time left until `until`. */
export function Left(props: {
  readonly until: number | undefined;
  readonly offsetMs: number | undefined;
}) {
  const now = useServerNow(props.offsetMs);
  if (now === undefined || props.until === undefined) return <span>--:--</span>;
  return <span>{formatLeft(props.until, now)}</span>;
}

/** How often the meter is drawn, outside of React because it is so frequent. */
const METER_EVERY_MS = 50;
const LOUD_LEVEL = 0.25;

export function Meter(props: {
  readonly label: string;
  readonly title: string;
  readonly level: () => number;
}) {
  const fill = useRef<HTMLDivElement>(null);
  const { level } = props;
  useEffect(() => {
    const timer = setInterval(() => {
      // The ear hears in logarithms; a square root is close enough for a bar.
      const share = Math.min(1, Math.sqrt(level() / LOUD_LEVEL));
      if (fill.current) fill.current.style.transform = `scaleX(${share.toFixed(2)})`;
    }, METER_EVERY_MS);
    return () => clearInterval(timer);
  }, [level]);
  return (
    <span className={styles.meter} title={props.title}>
      {props.label}
      <span className={styles.meterTrack} role="img" aria-label={props.title}>
        <div className={styles.meterFill} ref={fill} />
      </span>
    </span>
  );
}

export function Key(props: { readonly children: ReactNode }) {
  return <kbd className={styles.key}>{props.children}</kbd>;
}

/** `Audio ✓`, or a red word when it is gone. */
export function Status(props: {
  readonly label: string;
  readonly good: boolean;
  readonly title: string;
}) {
  return (
    <span
      className={cx(styles.status, props.good ? styles.statusGood : styles.statusBad)}
      title={props.title}
    >
      {props.good ? <IconCircleCheckFilled size={14} /> : <IconAlertTriangle size={14} />}
      {props.label}
      <span className={styles.visuallyHidden}>{props.title}</span>
    </span>
  );
}

export function Empty(props: { readonly icon?: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles.empty}>
      {props.icon}
      <div>{props.children}</div>
    </div>
  );
}

const NOTICE_FOR_MS = 6_000;

/**
 * One message at the edge of the screen. It disappears by itself, but not while the pointer or the
 * focus is on it (WCAG 2.2, 2.2.1).
 */
export function NoticeBar(props: {
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly dismissLabel: string;
  readonly onDismiss: () => void;
  readonly action?: ReactNode;
  readonly forMs?: number;
}) {
  const { onDismiss, forMs = NOTICE_FOR_MS } = props;
  const dismiss = useRef(onDismiss);
  dismiss.current = onDismiss;
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const kept = pointed || focused;
  useEffect(() => {
    if (kept) return;
    const timer = setTimeout(() => dismiss.current(), forMs);
    return () => clearTimeout(timer);
  }, [forMs, kept]);
  return (
    <div
      className={cx(styles.notice, styles[props.tone])}
      role="alert"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {props.tone === 'good' ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
      <span>{props.text}</span>
      {props.action}
      <button type="button" onClick={onDismiss} aria-label={props.dismissLabel}>
        <IconX size={16} />
      </button>
    </div>
  );
}

/** Text only for screen readers. */
export function Announce(props: { readonly children: ReactNode }) {
  return (
    <div className={styles.visuallyHidden} aria-live="assertive">
      {props.children}
    </div>
  );
}
