/** `npm run bench -- <name>`: measurements, each beside its peer or its physical limit in the same run. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  connect: async () => (await import('./bench-connect.ts')).runBenchConnect(process.argv.slice(3)),
  originate: async () =>
    (await import('./bench-originate.ts')).runBenchOriginate(process.argv.slice(3)),
};

const bench = BENCHES[process.argv[2] ?? ''];
if (!bench) {
  console.error(`npm run bench -- <name>, one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(1);
}
await bench();
process.exit(0);
