import { test } from 'node:test';
import { agree } from '../../test/support/random-decisions.ts';

test('the simulator agrees with the decision on real requests in 10,000 random cases', () => agree(10_000));
