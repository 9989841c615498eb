import { both } from './both.ts';

/** Texts for confirming the right party: questions, fields and refusals. */
export const rightPartyTexts = both(
  {
    party: {
      title: 'Confirmar titular',
      hint: 'Peça dois destes e digite o que a pessoa disser: {{items}}. Não leia nada para ela.',
      hintCompany:
        'Peça o nome e o cargo de quem fala e os quatro últimos dígitos do contrato. O CNPJ é público e não confirma ninguém.',
      tooLittle:
        'Não dá para confirmar: o credor não enviou {{missing}}. Trate como recado, sem falar da dívida.',
      tooLittleVoice:
        'O credor não enviou {{missing}}. Só por voz conhecida, dizendo como você a conhece.',
      left: 'O devedor desligou; ainda dá para registrar por',
      item: {
        document: 'os 3 primeiros dígitos do CPF',
        'birth-day': 'dia e mês de nascimento',
        'postal-code': 'CEP',
        contract: 'os 4 últimos dígitos do contrato',
      },
      field: {
        document: 'CPF, 3 primeiros',
        'birth-day': 'Nascimento',
        'postal-code': 'CEP',
        contract: 'Contrato, 4 últimos',
      },
      example: {
        document: '000',
        'birth-day': 'dd/mm',
        'postal-code': '00000-000',
        contract: '0000',
      },
      speakerName: 'Quem fala',
      speakerRole: 'Cargo',
      knownVoice: 'Voz conhecida',
      reason: 'Como você conhece esta voz?',
      send: 'Conferir',
      close: 'Fechar',
      wrong: 'Não confere, tentativa {{attempt}} de {{most}}.',
      withdrawTitle: 'O titular foi confirmado: corrigir?',
      withdraw:
        '“{{disposition}}” diz que não era o titular. A confirmação será retirada, a dívida volta a ficar protegida e a correção fica registrada.',
      withdrawYes: 'Corrigir e salvar',
      withdrawNo: 'Não, escolher outra',
    },
    problem: {
      'right-party-confirmed': 'O titular foi confirmado nesta ligação.',
      'not-connected': 'Ninguém foi conectado a você nesta ligação.',
      'call-over': 'Titular só se confirma na linha, ou até 30 s depois de ele desligar.',
      'already-disposed': 'Já tabulada: não se confirma mais o titular.',
      'answered-by-machine': 'Atendeu uma caixa postal.',
      'third-party-call': 'Três respostas não conferem: trate como terceiro e tabule assim.',
      'evidence-incomplete': 'Falta um dado, ou há um pela metade.',
      'evidence-missing': 'O credor não enviou o bastante para confirmar: trate como recado.',
      'evidence-wrong': 'Não confere.',
      'speaker-needed': 'Faltam o nome e o cargo de quem fala.',
      'known-voice-not-allowed': 'Esta campanha não aceita voz conhecida.',
      'reason-too-short': 'Diga numa frase como você conhece a voz.',
    },
  },
  {
    party: {
      title: 'Confirm the right party',
      hint: 'Ask for two of these and type what the person says: {{items}}. Read nothing out.',
      hintCompany:
        'Ask for the name and role of who speaks and the last four digits of the contract. A CNPJ is public and confirms nobody.',
      tooLittle:
        'Cannot be confirmed: the creditor did not send {{missing}}. Leave a message without mentioning a debt.',
      tooLittleVoice:
        'The creditor did not send {{missing}}. Only by a known voice, saying how you know it.',
      left: 'The debtor hung up; it can still be recorded for',
      item: {
        document: 'the first 3 digits of the CPF',
        'birth-day': 'day and month of birth',
        'postal-code': 'postal code',
        contract: 'the last 4 digits of the contract',
      },
      field: {
        document: 'CPF, first 3',
        'birth-day': 'Birthday',
        'postal-code': 'Postal code',
        contract: 'Contract, last 4',
      },
      example: {
        document: '000',
        'birth-day': 'dd/mm',
        'postal-code': '00000-000',
        contract: '0000',
      },
      speakerName: 'Who speaks',
      speakerRole: 'Role',
      knownVoice: 'Known voice',
      reason: 'How do you know this voice?',
      send: 'Compare',
      close: 'Close',
      wrong: 'Does not match, attempt {{attempt}} of {{most}}.',
      withdrawTitle: 'The right party was confirmed: correct it?',
      withdraw:
        '“{{disposition}}” says that it was somebody else. The confirmation is withdrawn, the debt is hidden again, and the correction is recorded.',
      withdrawYes: 'Correct and save',
      withdrawNo: 'No, choose another',
    },
    problem: {
      'right-party-confirmed': 'The right party was confirmed in this call.',
      'not-connected': 'Nobody was put through to you in this call.',
      'call-over': 'The right party is confirmed on the line, or up to 30 s after they hung up.',
      'already-disposed': 'It has its disposition: the right party is not confirmed any more.',
      'answered-by-machine': 'An answering machine answered.',
      'third-party-call':
        'Three answers do not match: it is a third party, and is recorded as one.',
      'evidence-incomplete': 'An item is missing, or is not whole.',
      'evidence-missing': 'The creditor did not send enough to confirm by: leave a message.',
      'evidence-wrong': 'It does not match.',
      'speaker-needed': 'The name and role of who speaks are missing.',
      'known-voice-not-allowed': 'This campaign does not take a known voice.',
      'reason-too-short': 'Say in a sentence how you know the voice.',
    },
  },
);
