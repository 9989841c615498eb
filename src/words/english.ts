/** Every sentence of the server in English. Values in braces are filled in. */
export const english = {
  // Names of a campaign's settings within a sentence or a list.
  'setting.state': 'state',
  'setting.mode': 'mode',
  'setting.ratio': 'lines per agent',
  'setting.linesMax': 'most lines',
  'setting.linesPerAgentMin': 'least lines for each agent',
  'setting.linesPerAgentMax': 'most lines for each agent',
  'setting.ringTimeoutMs': 'ring time',
  'setting.cancelAfterRingingMs': 'cancel after ringing',
  'setting.restBetweenCallsMs': 'rest between calls',
  'setting.dispositionRequired': 'disposition mandatory',
  'setting.dispositionWaitMs': 'wait for the disposition',
  'setting.promiseDaysMax': 'promises at most days ahead',
  'setting.amd': 'answering-machine detection',
  'setting.amdSampleShare': 'share of machines checked',
  'setting.knownVoiceAllowed': 'known voice',
  'setting.abandonmentMessage': 'message for the abandoned',

  'setting-out-of-bounds': 'Choose for "{setting}" a value from {min} to {max}.',
  'setting-out-of-bounds-seconds': 'Choose for "{setting}" a time from {min} to {max} seconds.',
  'setting-out-of-profile':
    'Choose for "{setting}" a time from {min} to {max} seconds: the compliance profile allows no other ({clause}).',
  'setting-not-whole': '"{setting}" must be a whole number.',
  'setting-not-offered': 'Choose for "{setting}" one of: {choices}.',
  'setting-not-in-mode': 'The mode {mode} has no setting "{setting}".',
  'setting-not-in-profile': 'The compliance profile does not allow "{setting}" ({clause}).',
  'setting-least-above-most': 'The least lines for each agent must not be more than the most.',
  'settings-stale':
    'Somebody changed this campaign meanwhile. Look at its settings again, then change them.',

  'message-empty': 'The message for abandoned people needs the words of its recording.',
  'message-too-long': 'The message for abandoned people may have {max} letters at most.',
  'message-names-debt':
    'The message for abandoned people may not tell of a debt, as "{word}" does: anybody may have answered.',
  'message-bad-file-name':
    'The name of the sound file may have small letters, digits and hyphens, without folder and ending.',
} as const satisfies Readonly<Record<string, string>>;
