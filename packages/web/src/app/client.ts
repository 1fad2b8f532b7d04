import { createClient } from '@boucle/sdk';

/** The page and its server share an origin; on loopback the owner needs no token. */
export const client = createClient({ baseUrl: location.origin });
