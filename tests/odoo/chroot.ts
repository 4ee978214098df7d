import type { CommandLine } from './command.js';

/** The user that Odoo runs as, made before the package is installed: a number that is no other user's on the host. */
export const odooUserId = 59019;

const environment: NodeJS.ProcessEnv = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/var/lib/odoo',
};

/** Odoo's environment. Its byte code is written on first use: compiling all of it at install time takes three times as long. */
export const odooEnvironment: NodeJS.ProcessEnv = { ...environment, PYTHONPYCACHEPREFIX: '/var/lib/odoo/pycache' };

/** Root's environment in an install: the stand-ins for programs that are not wanted come first. */
export const installerEnvironment: NodeJS.ProcessEnv = {
  ...environment,
  PATH: `/usr/local/stand-ins:${environment['PATH'] ?? ''}`,
  HOME: '/root',
  DEBIAN_FRONTEND: 'noninteractive',
};

/**
 * A command that dies with this process, together with all it started and mounted, even when this process is killed:
 * it runs in its own process and mount namespaces, which the kernel takes down.
 */
export function contained(line: CommandLine): CommandLine {
  const unshare = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
  ];
  return { command: 'setpriv', args: ['--pdeathsig', 'KILL', '--', ...unshare, '--', line.command, ...line.args] };
}

const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

/** A command inside an install, as root, contained. */
export function asRootIn(folder: string, line: CommandLine): CommandLine {
  return contained({ command: 'sh', args: ['-c', enter, folder, line.command, ...line.args] });
}

/** A command inside an install, as Odoo's user, contained. */
export function asOdooIn(folder: string, line: CommandLine): CommandLine {
  return asRootIn(folder, { command: 'setpriv', args: [...dropRights, '--', line.command, ...line.args] });
}

/**
 * A server inside an install, as Odoo's user, under the number of the process that is spawned. What it mounts goes away
 * with it. With `diesWithParent` the server goes away when this process does.
 */
export function serverIn(folder: string, line: CommandLine, options: { diesWithParent: boolean }): CommandLine {
  // Changing the user clears the wish to die with the parent, so setpriv states it once more after that.
  const rights = options.diesWithParent ? [...dropRights, '--pdeathsig', 'KILL'] : dropRights;
  const inside = ['setpriv', ...rights, '--', line.command, ...line.args];
  return {
    command: 'unshare',
    args: ['--mount', '--propagation', 'private', '--', 'sh', '-c', enter, folder, ...inside],
  };
}

const dropRights = ['--reuid', String(odooUserId), '--regid', String(odooUserId), '--clear-groups'];
