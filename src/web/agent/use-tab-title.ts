import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLeft, formatLength, shortName } from '../ui/format.ts';
import { type AgentScreen, isHeard, standingOf } from './screen.ts';

const TITLE_EVERY_MS = 1_000;

/** `● 02:14 Maria Souza`: shows the state while another program's window is in front. */
export function useTabTitle(screen: AgentScreen, name: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    const write = () => {
      document.title = `${headline(screen)} ${shortName(name)} · ${t('common.product')}`;
    };
    const headline = (one: AgentScreen): string => {
      if (one.link.kind === 'down') return `⚠ ${t('agent.standing.offline')}`;
      const standing = standingOf(one);
      if (standing.kind === 'no-shift' || standing.kind === 'ended') return '○';
      if (one.shiftOpenedHere && !isHeard(one)) return `⚠ ${t('agent.standing.deaf')}`;
      const now = Date.now() + (one.clockOffsetMs ?? 0);
      if (standing.kind === 'wrapping-up') {
        return `◔ ${standing.until === undefined ? '' : formatLeft(standing.until, now)}`;
      }
      const mark = standing.kind === 'talking' ? '●' : standing.kind === 'paused' ? '‖' : '○';
      return `${mark} ${formatLength(now - standing.since)}`;
    };
    write();
    const timer = setInterval(write, TITLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [screen, name, t]);
}
