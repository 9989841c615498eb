import { drawnDays, range, withTemplate } from './day-suite.ts';

drawnDays('a simulated day', range(1, 10), withTemplate());
