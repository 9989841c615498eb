import type { PageProps } from '../ui/page.ts';
import { AgentConsole } from './agent-console.tsx';

export function AgentPage(props: PageProps) {
  return <AgentConsole user={props.session.user} />;
}
