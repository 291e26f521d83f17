// Property tests draw the same cases in every run of `npm test`, so that a change fails for what it changed. By
// itself (`node --test FILE`) a property test draws new ones each time.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_123 });
