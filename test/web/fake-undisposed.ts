import type { UndisposedCalls } from '../../src/protocol/supervisor.ts';
import { DISPOSITION_VIEWS } from './fake-data.ts';

/** Two calls that lack their disposition, newest first. */
export function fakeUndisposed(now: number): UndisposedCalls['calls'] {
  const one = {
    campaignName: 'Varejo 31–60',
    document: '***.456.789-**',
    phone: '(11) ****-4321',
    connectedAt: now - 400_000,
    endedAt: now - 310_000,
    rightPartyConfirmed: false,
    promiseDaysMax: 30,
    dispositions: DISPOSITION_VIEWS.map(({ code, label, needsRightParty, form, group }) => ({
      ...{ code, label, needsRightParty, form, isNotRightParty: group === 'third-party' },
    })),
    draft: null,
    agent: { holdsIt: false, mayHaveIt: true },
  };
  return [
    {
      ...one,
      ...{ callId: 'call_71', agentName: 'Bruno Lima', debtorName: 'Maria S. C.' },
      rightPartyConfirmed: true,
      draft: {
        ...{ code: 'refusal', note: 'diz que perdeu o emprego' },
        form: {
          ...{ promiseValue: '', confirmedValue: '', promiseDate: '' },
          ...{ callbackDate: '', callbackHour: '' },
        },
      },
    },
    {
      ...one,
      callId: 'call_70',
      agentName: 'Carla de Albuquerque Vasconcelos Figueiredo',
      debtorName: 'João A. B. C. D. E.',
    },
  ];
}
