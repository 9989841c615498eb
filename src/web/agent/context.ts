import { createContext, use } from 'react';
import { present } from '../../lib/assert.ts';
import { useStore } from '../live/store.ts';
import type { AgentSession } from './agent-session.ts';
import type { AgentScreen } from './screen.ts';

export const AgentSessionContext = createContext<AgentSession | undefined>(undefined);

export function useAgentSession(): AgentSession {
  return present(use(AgentSessionContext), 'agent parts stand inside of the agent page');
}

export function useScreen(): AgentScreen {
  return useStore(useAgentSession().screen);
}
