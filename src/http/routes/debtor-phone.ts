import { debtorPhoneView } from '../../protocol/session.ts';
import { say } from '../../words/say.ts';
import { ProblemError } from '../errors.ts';
import { DEBTOR_SIP_PATH, type RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';

export function debtorPhoneRoutes({ debtorPhone }: RouteParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/debtor-phone',
      summary:
        "Credentials of the visitor's telephone at the simulated carrier; where there is one, for everybody.",
      access: 'public',
      reach: 'none',
      answer: debtorPhoneView,
      handle() {
        if (!debtorPhone) {
          throw new ProblemError('debtor-phone-closed', say('demonstrations-only'));
        }
        const { domain, username, password, numbers, people, operationNumbers } = debtorPhone;
        return {
          socketPath: DEBTOR_SIP_PATH,
          ...{ domain, username, password },
          numbers: [...numbers],
          people: people.map((one) => ({ ...one })),
          operationNumbers: [...operationNumbers],
        };
      },
    }),
  ];
}
