import { storeSuite } from '../ports/store-suite.ts';
import { openPostgresStorage, openTestStorage } from '../support/store.ts';

storeSuite('SQLite', () => openTestStorage());
storeSuite('PostgreSQL', () => openPostgresStorage());
