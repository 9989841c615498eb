import { accountsSuite } from '../ports/accounts-suite.ts';
import { openPostgresStorage, openTestStorage } from '../support/store.ts';

accountsSuite('SQLite', () => openTestStorage());
accountsSuite('PostgreSQL', () => openPostgresStorage());
