import { accountsSuite } from '../ports/accounts-suite.ts';
import { openTestStorage } from '../support/store.ts';

accountsSuite('SQLite', () => openTestStorage());
