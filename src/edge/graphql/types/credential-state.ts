import { registerEnumType } from 'type-graphql';
import { CREDENTIAL_STATES, type CredentialState as State } from '../../../domain/security/credential-state.js';
import { asEnum, described } from './enums.js';

export const CredentialState = asEnum(CREDENTIAL_STATES);
registerEnumType(CredentialState, {
  name: 'CredentialState',
  description: 'Whether an API key or a push URL is accepted.',
  valuesConfig: described<State['kind']>({
    VALID: 'It is accepted.',
    EXPIRED: 'Its time is over.',
    REVOKED: 'It was revoked.',
  }),
});
