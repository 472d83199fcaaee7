import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded into a service: while the file that SLUICE_TEST_FULL_DISK names exists, nothing is free on any disk. What a real full disk does to mongod is not shown by it. */
const { statfsSync } = fs;
fs.statfsSync = (...args) => {
  const real = statfsSync(...args);
  return fs.existsSync(process.env.SLUICE_TEST_FULL_DISK) ? { ...real, bavail: 0 } : real;
};
syncBuiltinESMExports();
