import { storeSuite } from '../ports/store-suite.ts';
import { openTestStorage } from '../support/store.ts';

storeSuite('SQLite', () => openTestStorage());
