import { given } from '../../given.js';
import { ask, type Preparations } from './ask.js';

/** Display messages (OCPP 2.0.1 §O). */
export const display: Preparations<'setDisplayMessage' | 'getDisplayMessages' | 'clearDisplayMessage'> = {
  setDisplayMessage: ({ id, text, priority = 'NormalCycle', expiresAt }) =>
    ask('SetDisplayMessage', {
      message: { id, priority, message: { format: 'UTF8', content: text }, ...given({ endDateTime: expiresAt }) },
    }),
  getDisplayMessages: ({ requestId }) => ask('GetDisplayMessages', { requestId }),
  clearDisplayMessage: ({ id }) => ask('ClearDisplayMessage', { id }),
};
