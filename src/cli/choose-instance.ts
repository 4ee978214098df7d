import { nearest } from '../domain/definitions/did-you-mean.js';
import { CliError } from './failure.js';
import type { InstanceCard, Workspace } from './workspace.js';

/** The instance that is named, or the only one. */
export function chooseInstance(
  workspace: Pick<Workspace, 'instances' | 'instancesFrom'>,
  name: string | undefined,
): InstanceCard {
  const { instances, instancesFrom } = workspace;
  const names = instances.map((one) => one.name);
  const [first] = instances;
  if (name === undefined) {
    if (first !== undefined && instances.length === 1) return first;
    throw new CliError(
      'instance_missing',
      `Which instance? ${instancesFrom} names ${names.join(', ')}: add one of them.`,
    );
  }
  const found = instances.find((one) => one.name === name);
  if (found !== undefined) return found;
  const near = nearest(name, names);
  const hint = near === null ? `choose one of ${names.join(', ')}` : `did you mean ${near}?`;
  throw new CliError('instance_unknown', `There is no instance "${name}" in ${instancesFrom}: ${hint}`);
}
