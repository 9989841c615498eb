import { seedsFrom, simulatedDays, withTemplate } from './day-suite.ts';

simulatedDays(seedsFrom(1, 10), withTemplate());
