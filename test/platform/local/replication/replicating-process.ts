import { openReplication, waitFor } from './sis-fixture.ts';

/** A process that replicates and can be killed: `argv` = JSON of root, source and request. Says when it is done. */
const { root, source, request } = JSON.parse(process.argv[2]!);
const replication = openReplication(root, source);
const { task } = await replication.start(request);
process.stdout.write('started\n');
await waitFor(replication, task);
process.stdout.write('done\n');
await replication.close();
