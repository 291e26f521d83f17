/** Milliseconds since 1970-01-01 UTC. Time is an argument everywhere, so that tests can move it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
