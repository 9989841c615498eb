import { adminTexts } from './admin-texts.ts';
import { afterCallTexts } from './after-call-texts.ts';
import { agentTexts } from './agent-texts.ts';
import { answeringTexts } from './answering-texts.ts';
import type { SameKeys } from './both.ts';
import { codeTexts } from './code-texts.ts';
import { commonTexts } from './common-texts.ts';
import { debtorPhoneTexts } from './debtor-phone-texts.ts';
import { logTexts } from './log-texts.ts';
import { pacingTexts } from './pacing-texts.ts';
import { resultTexts } from './result-texts.ts';
import { rightPartyTexts } from './right-party-texts.ts';
import { settingTexts } from './setting-texts.ts';
import { supervisorTexts } from './supervisor-texts.ts';
import { unwantedTexts } from './unwanted-texts.ts';

/** Every sentence of the product in Portuguese. */
export const portuguese = {
  common: commonTexts.portuguese.common,
  signIn: commonTexts.portuguese.signIn,
  agent: { ...agentTexts.portuguese, result: resultTexts.portuguese },
  party: rightPartyTexts.portuguese.party,
  supervisor: supervisorTexts.portuguese,
  afterCall: afterCallTexts.portuguese,
  unwanted: unwantedTexts.portuguese,
  settings: settingTexts.portuguese,
  pacing: pacingTexts.portuguese,
  answering: answeringTexts.portuguese,
  log: logTexts.portuguese,
  admin: adminTexts.portuguese,
  debtorPhone: debtorPhoneTexts.portuguese,
  codes: codeTexts.portuguese,
};

export const english: SameKeys<typeof portuguese> = {
  common: commonTexts.english.common,
  signIn: commonTexts.english.signIn,
  agent: { ...agentTexts.english, result: resultTexts.english },
  party: rightPartyTexts.english.party,
  supervisor: supervisorTexts.english,
  afterCall: afterCallTexts.english,
  unwanted: unwantedTexts.english,
  settings: settingTexts.english,
  pacing: pacingTexts.english,
  answering: answeringTexts.english,
  log: logTexts.english,
  admin: adminTexts.english,
  debtorPhone: debtorPhoneTexts.english,
  codes: codeTexts.english,
};
