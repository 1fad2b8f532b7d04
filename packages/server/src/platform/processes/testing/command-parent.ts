import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { spawnCommand } from '../spawn-command.ts';

/** Starts a command that would go on, and tells whoever started this which process it is. */
const child = spawnCommand({ command: ['sh', '-c', 'echo $$; exec sleep 60'], cwd: tmpdir() });
const [said] = (await once(child.stdout, 'data')) as [Buffer];
process.send?.(Number(said));
