import { both } from './both.ts';

/** Words for what an agent does, why they pause, and how a shift ends. */
export const shiftCodeTexts = both(
  {
    pause: {
      rest: 'Descanso',
      meal: 'Refeição',
      restroom: 'Banheiro',
      training: 'Treinamento',
      feedback: 'Feedback',
      'system-problem': 'Problema no sistema',
      'signed-in': 'Entrou, ainda não pronto',
      'disposition-missing': 'Falta tabular',
      'by-supervisor': 'Pausado pelo supervisor',
    },
    shiftEnd: {
      'signed-out': 'Você saiu',
      absent: 'Encerrado por ausência: a tela ficou desconectada por 15 minutos',
      'signed-out-by-supervisor': 'Encerrado pelo supervisor',
      disabled: 'Encerrado: o usuário foi desativado',
    },
    activity: {
      preparing: 'Preparando',
      available: 'Pronto',
      reserved: 'Recebendo',
      talking: 'Em ligação',
      'wrapping-up': 'Pós',
      undisposed: 'Falta tabular',
      paused: 'Pausa',
      ended: 'Fora',
    },
  },
  {
    pause: {
      rest: 'Rest',
      meal: 'Meal',
      restroom: 'Restroom',
      training: 'Training',
      feedback: 'Feedback',
      'system-problem': 'System problem',
      'signed-in': 'Signed in, not ready yet',
      'disposition-missing': 'Disposition due',
      'by-supervisor': 'Paused by the supervisor',
    },
    shiftEnd: {
      'signed-out': 'You signed out',
      absent: 'Ended by absence: the screen was disconnected for 15 minutes',
      'signed-out-by-supervisor': 'Ended by the supervisor',
      disabled: 'Ended: the user was disabled',
    },
    activity: {
      preparing: 'Preparing',
      available: 'Ready',
      reserved: 'Receiving',
      talking: 'In call',
      'wrapping-up': 'Wrap-up',
      undisposed: 'Disposition due',
      paused: 'Pause',
      ended: 'Off',
    },
  },
);
