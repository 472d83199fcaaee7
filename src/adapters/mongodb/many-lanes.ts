/** How calls of many lanes are joined: lanes whose calls were joined go on together, so a further run is worth its commands only for many. */
export const MANY_LANES = { fewest: 16 } as const;
