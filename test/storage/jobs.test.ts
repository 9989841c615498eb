import { jobsSuite } from '../ports/jobs-suite.ts';
import { openPostgresStorage, openTestStorage } from '../support/store.ts';

jobsSuite('SQLite', () => openTestStorage());
jobsSuite('PostgreSQL', () => openPostgresStorage());
