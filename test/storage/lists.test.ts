import { listsSuite } from '../ports/lists-suite.ts';
import { openTestStorage } from '../support/store.ts';

listsSuite('SQLite', () => openTestStorage());
