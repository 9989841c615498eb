import { listsSuite } from '../ports/lists-suite.ts';
import { openPostgresStorage, openTestStorage } from '../support/store.ts';

listsSuite('SQLite', () => openTestStorage());
listsSuite('PostgreSQL', () => openPostgresStorage());
